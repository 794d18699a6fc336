/**
 * The citation styles that the server sets, by their ids in the Citation Style Language; a test holds them to be those of
 * `api/references.py`. Their names are proper names, the same in every language.
 */

/** @type {[string, string][]} */
export const STYLES = [
  ['american-mathematical-society-numeric', 'AMS'],
  ['american-medical-association', 'AMA'],
  ['american-physics-society', 'APS'],
  ['apa', 'APA'],
  ['association-for-computing-machinery', 'ACM'],
  ['chicago-author-date', 'Chicago (author-date)'],
  ['elsevier-vancouver', 'Vancouver (Elsevier)'],
  ['elsevier-with-titles', 'Elsevier (numeric)'],
  ['harvard-cite-them-right', 'Harvard (Cite Them Right)'],
  ['ieee', 'IEEE'],
  ['modern-language-association', 'MLA'],
  ['nature', 'Nature'],
  ['springer-lecture-notes-in-computer-science', 'Springer LNCS'],
];
