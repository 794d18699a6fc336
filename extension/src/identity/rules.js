/**
 * The table of URL rules: which address names which identifier. One row, one rule; the first that fits wins.
 *
 * The server holds the same rows (`api/domain/url_rules.py`, where each column is explained); a test compares them.
 */

/** @typedef {{site: string, path: string, scheme: string, value: string, parameter: string, page: string}} Rule */

const ARXIV_ID = String.raw`((?:arxiv:)?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?)`;
const ACL_ID = String.raw`((?:\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[a-z]\d{2}-\d{4,5})(?:v\d+)?)`;
const DOI = String.raw`(10\.\d{4,9}(?:\.\d+)*/.+)`;
const ARXIV = String.raw`(?:[a-z0-9-]+\.)?arxiv\.org|xxx\.lanl\.gov|xxx\.itp\.ac\.cn`;
const NIPS = String.raw`papers\.(?:nips|neurips)\.cc|proceedings\.neurips\.cc`;
const NIPS_PAGE = 'https://papers.nips.cc/paper_files/paper/$1/hash/$2-Abstract$3.html';
const NCBI = String.raw`ncbi\.nlm\.nih\.gov`;
const DBLP = String.raw`dblp\.(?:org|uni-trier\.de|dagstuhl\.de)`;
const SSRN = String.raw`(?:papers\.|download\.)?ssrn\.com`;
const RXIV = String.raw`(?:connect\.)?(?:biorxiv|medrxiv)\.org`;
// A DOI in the path of these sites is not what the page is about.
const NO_PUBLISHER = String.raw`(?!(?:.+\.)?(?:github|gitlab|wikipedia|reddit|twitter|x|youtube|google)\.(?:com|org)$).+`;

/** @type {readonly Rule[]} */
export const RULES = [
  rule(ARXIV, String.raw`/(?:abs|pdf|html|format|ps|e-print|src|other|tb)/${ARXIV_ID}(?:\.pdf|\.ps|\.ps\.gz)?`, 'arxiv'),
  rule(ARXIV, '/(?:list|a|catchup|search|archive|year|find|rss|atom)(?:/.*)?', 'list'),
  rule(String.raw`ar5iv\.org|ar5iv\.labs\.arxiv\.org`, String.raw`/(?:abs|html|pdf)/${ARXIV_ID}(?:\.pdf)?`, 'arxiv'),
  rule(String.raw`(?:[a-z]+\.)?alphaxiv\.org`, String.raw`/(?:[a-z-]+/){1,2}?${ARXIV_ID}(?:\.pdf|\.md)?`, 'arxiv'),
  rule(String.raw`huggingface\.co|hf\.co`, String.raw`/(?:api/)?papers/${ARXIV_ID}(?:\.md)?`, 'arxiv'),
  rule(String.raw`huggingface\.co|hf\.co`, '/papers(?:/(?:date|week|month|trending)(?:/.*)?)?', 'list'),
  rule(String.raw`scirate\.com|papers\.cool|deeplearn\.org`, String.raw`/arxiv/${ARXIV_ID}`, 'arxiv'),
  rule(String.raw`scirate\.com`, '/(?:arxiv/.*)?', 'list'),
  rule(String.raw`arxiv-vanity\.com|emergentmind\.com`, String.raw`/papers/${ARXIV_ID}`, 'arxiv'),
  rule(String.raw`arxiv-sanity-lite\.com`, '/.*', 'arxiv', '$1', 'pid'),
  rule(String.raw`catalyzex\.com`, String.raw`/paper/${ARXIV_ID}`, 'arxiv'),
  rule(String.raw`(?:[a-z]+\.)?semanticscholar\.org`, String.raw`/(?:.*/)?${ARXIV_ID}`, 'arxiv'),
  rule(String.raw`(?:[a-z]+\.)?semanticscholar\.org`, String.raw`/(?:.*/)?corpusid:(\d+)(?:/.*)?`, 'corpusid'),
  rule(String.raw`(?:[a-z]+\.)?semanticscholar\.org`, String.raw`/(?:.*/)?doi:${DOI}`, 'doi'),
  rule(String.raw`(?:[a-z]+\.)?semanticscholar\.org`, '/(?:.*/)?(?:paper|reader)/(?:.+/)?([0-9a-f]{40})(?:/.*)?', 's2'),
  rule(String.raw`(?:dx\.|www\.)?doi\.org`, String.raw`/(?:doi:)?${DOI}`, 'doi'),
  rule(RXIV, String.raw`/content/(?:biorxiv/|medrxiv/)?(?:early/\d{4}/\d\d/\d\d/)?${DOI}`, 'doi_path'),
  rule(RXIV, String.raw`/content/(?:biorxiv/|medrxiv/)?early/\d{4}/\d\d/\d\d/((?:20(?:19|2[0-4])\.\d\d\.\d\d\.)?\d{6,8}(?:v\d+)?)(?:\..*)?`, 'doi', '10.1101/$1'),
  rule(RXIV, '/(?:content/early/recent|collection|search)(?:/.*)?', 'list'),
  rule(String.raw`nature\.com`, String.raw`/articles/(s\d{5}-\d{3}-\d{4,5}-[0-9a-z])(?:[./_].*)?`, 'doi', '10.1038/$1'),
  rule(String.raw`nature\.com`, String.raw`/articles/((?:nature|ncomms|srep)\d{4,5})(?:[./_].*)?`, 'doi', '10.1038/$1'),
  rule(String.raw`journals\.plos\.org`, '/.*', 'doi', '$1', 'id'),
  rule(String.raw`peerj\.com`, String.raw`/articles/(\d+)(?:[./-].*)?`, 'doi', '10.7717/peerj.$1'),
  rule(String.raw`peerj\.com`, String.raw`/articles/(cs|pchem|achem|ichem|ochem|matsci)-(\d+)(?:[./-].*)?`, 'doi', '10.7717/peerj-$1.$2'),
  rule(String.raw`elifesciences\.org`, String.raw`/(?:articles|reviewed-preprints)/(\d{5,6})(?:v\d+|[./].*)?`, 'doi', '10.7554/elife.$1'),
  rule(String.raw`openreview\.net|api2?\.openreview\.net`, '/(?:forum|pdf|attachment|references/pdf)', 'openreview', '$1', 'id'),
  rule(String.raw`openreview\.net`, '/(?:group|venue|search|submissions)', 'list'),
  rule(String.raw`aclanthology\.org|aclanthology\.info|aclweb\.org`, String.raw`/(?:anthology/)?(?:papers/(?:.*/)?)?${ACL_ID}(?:\.pdf|\.bib|\.xml|\.endf)?`, 'acl'),
  rule(String.raw`aclanthology\.org`, '/(?:events|volumes|venues|people|sigs)(?:/.*)?', 'list'),
  rule(String.raw`pubmed\.${NCBI}`, String.raw`/(\d+)(?:/.*)?`, 'pmid'),
  rule(NCBI, String.raw`/(?:m/)?pubmed/(\d+)(?:/.*)?`, 'pmid'),
  rule(String.raw`(?:pubmed\.)?${NCBI}`, '/(?:pubmed/?)?', 'list', '$1', 'term'),
  rule(String.raw`(?:pmc\.)?${NCBI}`, String.raw`/(?:labs/)?(?:pmc/)?articles/(PMC\d+)(?:[./].*)?`, 'pmcid'),
  rule(String.raw`(?:pmc\.)?${NCBI}`, String.raw`/(?:pmc/)?articles/pmid/(\d+)(?:/.*)?`, 'pmid'),
  rule(String.raw`europepmc\.org`, String.raw`/(?:article|abstract)/med/(\d+)(?:/.*)?`, 'pmid'),
  rule(String.raw`europepmc\.org`, String.raw`/(?:articles?|abstract)/(?:pmc/)?(PMC\d+)(?:/.*)?`, 'pmcid'),
  rule(String.raw`europepmc\.org`, String.raw`/article/pmc/(\d+)(?:/.*)?`, 'pmcid', 'PMC$1'),
  rule(String.raw`europepmc\.org`, String.raw`/(?:article|abstract)/ppr/(?:ppr)?(\d+)(?:/.*)?`, 'ppr', 'PPR$1'),
  rule(String.raw`europepmc\.org`, '/search', 'list'),
  rule(NIPS, String.raw`/paper(?:_files/paper)?/(\d{4})/(?:hash|file)/([0-9a-f]{32})-(?:Abstract|Paper|Metadata|Supplemental|Bibtex|AuthorFeedback|Reviews?|MetaReview)(-[a-z_]+)?\.[a-z]+`, 'nips', '$2', '', NIPS_PAGE),
  rule(NIPS, String.raw`/(?:paper|book)/(\d{1,5})-([a-z0-9-]+?)(?:\.pdf)?`, 'nips', '$1', '', 'https://papers.nips.cc/paper/$1-$2'),
  rule(String.raw`proceedings\.mlr\.press|jmlr\.org/proceedings`, String.raw`/(v\d+)/([a-z0-9._-]+?)(?:\.html)?`, 'pmlr', '$1/$2'),
  rule(String.raw`proceedings\.mlr\.press`, String.raw`/(v\d+)/([a-z0-9._-]+)/[^/]+\.(?:pdf|html|bib)`, 'pmlr', '$1/$2'),
  rule(String.raw`openaccess\.thecvf\.com`, String.raw`/(content[a-z0-9_]*(?:/[a-z0-9_-]+)*)/(?:html|papers|supplemental)/([a-z0-9_.'-]+_[a-z]+_\d{4})_(?:paper|supplemental)\.(?:html|pdf|zip)`, 'cvf', '$2', '', 'https://openaccess.thecvf.com/$1/html/$2_paper.html'),
  rule(String.raw`ieeexplore\.ieee\.org`, String.raw`/(?:abstract/)?document/(\d+)(?:/.*)?`, 'ieee'),
  rule(String.raw`ieeexplore\.ieee\.org`, String.raw`/(?:stampPDF/getPDF|stamp/stamp|xpl/articleDetails|xpls/abs_all)\.jsp`, 'ieee', '$1', 'arnumber'),
  rule(String.raw`ieeexplore\.ieee\.org`, String.raw`/(?:ielx?\d+/\d+/\d+/)0*(\d+)\.pdf`, 'ieee'),
  rule(String.raw`jmlr\.org`, String.raw`/papers/(v\d+)/([a-z0-9._-]+?)(?:\.html|\.bib|/[^/]+\.pdf)?`, 'jmlr', '$1/$2'),
  rule(String.raw`jmlr\.org`, String.raw`/papers/volume(\d+)/([a-z0-9._-]+)/[^/]+\.pdf`, 'jmlr', 'v$1/$2'),
  rule(DBLP, String.raw`/rec/(?:html/|bibtex/|xml/)?([a-z]+/[a-z0-9_-]+/[a-z0-9_-]+)(?:\.html|\.bib|\.xml)?`, 'dblp'),
  rule(DBLP, '/(?:db|pid|search)(?:/.*)?', 'list'),
  rule(String.raw`(?:[a-z0-9-]+\.)*(?:hal\.science|archives-ouvertes\.fr)`, String.raw`/([a-z]+-\d{8}(?:v\d+)?)(?:/.*)?`, 'hal'),
  rule(String.raw`inspirehep\.net`, String.raw`/(?:api/)?(?:literature|record)/(\d+)(?:/.*)?`, 'inspire'),
  rule(String.raw`ui\.adsabs\.harvard\.edu`, '/abs/([^/]{19})(?:/.*)?', 'bibcode'),
  rule(String.raw`ui\.adsabs\.harvard\.edu`, '/search(?:/.*)?', 'list'),
  rule(String.raw`osf\.io`, String.raw`/preprints/(?:[a-z0-9_-]+/)?([a-z0-9]{5}(?:_v\d+)?)(?:/.*)?`, 'osf'),
  rule(String.raw`(?:psyarxiv|socarxiv)\.com`, String.raw`/([a-z0-9]{5}(?:_v\d+)?)(?:/.*)?`, 'osf'),
  rule(SSRN, String.raw`/(?:sol3/)?(?:papers|delivery)\.cfm(?:/.*)?`, 'ssrn', '$1', 'abstract_id'),
  rule(SSRN, String.raw`/(?:sol3/)?(?:papers|delivery)\.cfm(?:/.*)?`, 'ssrn', '$1', 'abstractid'),
  rule(SSRN, String.raw`/abstract=(\d+)`, 'ssrn'),
  rule(String.raw`zenodo\.org`, String.raw`/(?:api/)?records?/(\d+)(?:/.*)?`, 'zenodo'),
  rule(String.raw`sciencedirect\.com`, '/science/article/(?:abs/|am/)?pii/([0-9SX()-]+)(?:/.*)?', 'pii'),
  rule(String.raw`(?:[a-z]+\.)?(?:cell|thelancet)\.com`, String.raw`/.*/(?:pii/?)?(S\d{4}-?\d{4}\(?\d{2}\)?\d{5}-?[0-9X])(?:/.*)?`, 'pii'),
  rule(NO_PUBLISHER, String.raw`/(?:.*/)?(?:toc|loi)/(?:.*/)?10\.\d{4,9}/.*`, 'list'),
  rule(NO_PUBLISHER, String.raw`/(?:.*?/)?(?:doi:)?${DOI}`, 'doi_path'),
  rule(NO_PUBLISHER, '/(?:.*/)?(?:action|article|articles|doi|content|abstract)(?:/.*)?', 'doi', '$1', 'doi'),
];

/**
 * @param {string} site
 * @param {string} path
 * @param {string} scheme
 * @param {string} [value]
 * @param {string} [parameter]
 * @param {string} [page]
 * @returns {Rule}
 */
function rule(site, path, scheme, value = '$1', parameter = '', page = '') {
  return { site, path, scheme, value, parameter, page };
}
