/**
 * The table of URL rules: which address names which identifier. One row, one rule; the first that fits wins.
 *
 * The server holds the same rows (`api/domain/url_rules.py`, where each column is explained); a test compares them.
 */

/** @typedef {{site: string, path: string, scheme: string, value: string, parameter: string, page: string}} Rule */

const ARXIV_ID = String.raw`((?:arxiv:)?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?)`;
const ACL_ID = String.raw`((?:\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[a-z]\d{2}-\d{4,5})(?:v\d+)?)`;
const DOI = String.raw`(10\.\d{4,9}(?:\.\d+)*(?:/|%2f).+)`;
const ARXIV = String.raw`(?:[a-z0-9-]+\.)?arxiv\.org|xxx\.lanl\.gov|xxx\.itp\.ac\.cn`;
const NIPS = String.raw`papers\.(?:nips|neurips)\.cc|proceedings\.neurips\.cc`;
const NIPS_HASH = String.raw`([0-9a-f]{32})(?:-[a-z]+(-[a-z0-9_]+)?)?(?:\.[a-z]+)?`;
const NIPS_PAGE = 'https://papers.nips.cc/paper_files/paper/$1/hash/$2-Abstract$3.html';
const NCBI = String.raw`ncbi\.nlm\.nih\.gov`;
const DBLP = String.raw`dblp\d?\.(?:org|uni-trier\.de|dagstuhl\.de)`;
const SSRN = String.raw`(?:[a-z]+\.)?ssrn\.com`;
const HAL = String.raw`(?:[a-z0-9-]+\.)*(?:hal\.science|archives-ouvertes\.fr)|hal(?:-[a-z]+)?\.[a-z0-9-]+\.[a-z]+`;
const ADS = String.raw`(?:ui\.|articles\.)?adsabs\.harvard\.edu|(?:[a-z]+\.)?scixplorer\.org`;
const JMLR = String.raw`jmlr\.org|jmlr\.csail\.mit\.edu`;
const ACL = String.raw`(?:[a-z]+\.)?(?:aclanthology\.org|aclanthology\.info|aclweb\.org)|aclanthology\.coli\.uni-saarland\.de`;
const S2 = String.raw`(?:[a-z0-9]+\.)?semanticscholar\.org`;
const IEEE = String.raw`(?:ieeexplore|xplorestaging)\.ieee\.org`;
const HF = String.raw`huggingface\.co|hf\.co|hf-mirror\.com`;
const ELSEVIER = String.raw`(?:[a-z]+\.)?(?:sciencedirect|elsevier)\.com`;
const SCHOLAR = String.raw`scholar\.google\.[a-z.]+`;
const PII = String.raw`(S\d{4}-?\d{4}\(?\d{2}\)?\d{5}-?[0-9X])`;
// Publishers' catalogues: what is found in them, and lists of their issues and authors, is no paper.
const CATALOGUES = String.raw`dl\.acm\.org|ieeexplore\.ieee\.org|(?:link\.)?springer\.com|sciencedirect\.com|nature\.com|frontiersin\.org|journals\.plos\.org|inspirehep\.net|zenodo\.org|semanticscholar\.org|elifesciences\.org|mdpi\.com|(?:papers\.)?ssrn\.com|(?:[a-z]+\.)?onlinelibrary\.wiley\.com|tandfonline\.com|academic\.oup\.com`;
const RXIV = String.raw`(?:connect\.)?(?:biorxiv|medrxiv)\.org`;
// A DOI in the path of these sites is not what the page is about.
const NO_PUBLISHER = String.raw`(?!(?:.+\.)?(?:github|gitlab|wikipedia|reddit|twitter|x|youtube|google|facebook|linkedin)\.(?:com|org)$).+`;

/** @type {readonly Rule[]} */
export const RULES = [
  rule(ARXIV, String.raw`/(?:abs|pdf|html|format|ps|e-print|src|other|tb|bibtex|refs|cits)/ *${ARXIV_ID}(?:[./].*)?`, 'arxiv'),
  rule(ARXIV, String.raw`/ftp/arxiv/papers/\d{4}/(\d{4}\.\d{4,5})\.[a-z]+`, 'arxiv'),
  rule(ARXIV, String.raw`/ftp/([a-z-]+)/papers/\d{4}/(\d{7})\.[a-z]+`, 'arxiv', '$1/$2'),
  rule(ARXIV, '/(?:list|listing|a|catchup|search|archive|year|find|rss|atom)(?:/.*)?', 'list'),
  rule(String.raw`ar5iv\.org|ar5iv\.labs\.arxiv\.org`, String.raw`/(?:(?:abs|html|pdf)/)?${ARXIV_ID}(?:[./].*)?`, 'arxiv'),
  rule(String.raw`(?:[a-z]+\.)?alphaxiv\.org`, String.raw`/(?:[a-z-]+/){1,2}?${ARXIV_ID}(?:[./].*)?`, 'arxiv'),
  rule(HF, String.raw`/(?:api/)?papers/${ARXIV_ID}(?:[./].*)?`, 'arxiv'),
  rule(HF, '/papers(?:/(?:date|week|month|trending)(?:/.*)?)?', 'list'),
  rule(String.raw`scirate\.com`, String.raw`/(?:arxiv/(?![a-z-]+/\d{7}|\d{4}\.\d).*)?`, 'list'),
  rule(
    String.raw`arxiv-vanity\.com|emergentmind\.com|paperswithcode\.co|arxiv\.deeppaper\.ai|talk2arxiv\.org|arxiv-sanity\.com`,
    String.raw`/(?:(?:papers?|pdf|abs)/)?${ARXIV_ID}(?:\.pdf)?`,
    'arxiv',
  ),
  rule(String.raw`arxiv-sanity-lite\.com`, '/.*', 'arxiv', '$1', 'pid'),
  rule(S2, String.raw`/(?:.*/)?${ARXIV_ID}`, 'arxiv'),
  rule(S2, String.raw`/(?:.*/)?corpusid:(\d+)(?:/.*)?`, 'corpusid'),
  rule(S2, String.raw`/(?:.*/)?doi:${DOI}`, 'doi'),
  rule(S2, '/(?:.*/)?(?:paper|reader|p)/(?:.+/)?([0-9a-f]{40})(?:/.*)?', 's2'),
  rule(String.raw`pdfs\.semanticscholar\.org`, String.raw`/([0-9a-f]{4})/([0-9a-f]{36})\.pdf`, 's2', '$1$2'),
  rule(String.raw`connectedpapers\.com`, '/main/([0-9a-f]{40})(?:/.*)?', 's2'),
  rule(String.raw`(?:dx\.|www\.)?doi\.org`, String.raw`/ *(?:doi: *)?${DOI}`, 'doi'),
  rule(RXIV, String.raw`/content/(?:biorxiv/|medrxiv/)?(?:early/\d{4}/\d\d/\d\d/)?${DOI}`, 'doi_path'),
  rule(
    RXIV,
    String.raw`/content/(?:biorxiv/|medrxiv/)?early/\d{4}/\d\d/\d\d/((?:20(?:19|2[0-4])\.\d\d\.\d\d\.)?\d{6,8}(?:v\d+)?)(?:\..*)?`,
    'doi',
    '10.1101/$1',
  ),
  rule(RXIV, '/(?:content/early/recent|collection|search)(?:/.*)?', 'list'),
  rule(String.raw`nature\.com`, String.raw`/articles/(s41599-\d{3}-\d{4,5}-[0-9a-z])(?:[./_].*)?`, 'doi', '10.1057/$1'),
  rule(String.raw`nature\.com`, String.raw`/articles/(s\d{5}-\d{3}-\d{4,5}-[0-9a-z])(?:[./_].*)?`, 'doi', '10.1038/$1'),
  rule(
    String.raw`nature\.com`,
    String.raw`/(?:articles|[a-z]+/journal/v\d+/n[^/]+/(?:full|abs|pdf))/((?:nature|ncomms|srep)\d{4,5}|(?:nr[a-z]|nphys|nmat|ngeo|nclimate|ncb|ng|nm|nn|ni|nbt)\d{2,4}|n[a-z]{1,9}(?:\.20\d\d)?\.\d{1,4}|sj\.[a-z]+\.\d{7}|\d{5,6}[a-z]\d|\d{8})(?:[/_].*|\.e?pdf|\.html)?`,
    'doi',
    '10.1038/$1',
  ),
  rule(String.raw`peerj\.com`, String.raw`/articles/(\d+)(?:[./-].*)?`, 'doi', '10.7717/peerj.$1'),
  rule(String.raw`peerj\.com`, String.raw`/articles/(cs|pchem|achem|ichem|ochem|matsci)-(\d+)(?:[./-].*)?`, 'doi', '10.7717/peerj-$1.$2'),
  rule(String.raw`elifesciences\.org`, String.raw`/(?:articles|reviewed-preprints)/(\d{5,6})(?:v\d+)?(?:[./].*)?`, 'doi', '10.7554/elife.$1'),
  rule(
    String.raw`openreview\.net|api2?\.openreview\.net`,
    '/(?:forum|pdf|attachment|references/pdf|revisions|notes/edits/attachment)',
    'openreview',
    '$1',
    'id',
  ),
  rule(String.raw`openreview\.net|api2?\.openreview\.net`, '/notes', 'openreview', '$1', 'forum'),
  rule(String.raw`openreview\.net`, '/references', 'openreview', '$1', 'referent'),
  rule(String.raw`openreview\.net`, '/(?:group|venue|search|submissions|profile)', 'list'),
  rule(ACL, String.raw`/(?:.*/)?${ACL_ID}(?:[./].*)?`, 'acl'),
  rule(ACL, '/(?:events|volumes|venues|people|sigs|search)(?:/.*)?', 'list'),
  rule(String.raw`pubmed\.${NCBI}|pubmed\.gov`, String.raw`/(\d+)(?:/.*)?`, 'pmid'),
  rule(NCBI, String.raw`/(?:m/)?pubmed/(\d+)(?:/.*)?`, 'pmid'),
  rule(String.raw`(?:pubmed\.)?${NCBI}`, '/(?:pubmed/?)?', 'list', '$1', 'term'),
  rule(String.raw`(?:pmc\.)?${NCBI}`, String.raw`/(?:labs/)?(?:pmc/)?articles/(PMC\d+)(?:[./].*)?`, 'pmcid'),
  rule(String.raw`(?:pmc\.)?${NCBI}`, String.raw`/(?:labs/)?(?:pmc/)?articles/(\d+)(?:/.*)?`, 'pmcid', 'PMC$1'),
  rule(String.raw`(?:pmc\.)?${NCBI}`, String.raw`/(?:pmc/)?articles/pmid/(\d+)(?:/.*)?`, 'pmid'),
  rule(String.raw`europepmc\.org`, String.raw`/(?:article|abstract)/med/(\d+)(?:/.*)?`, 'pmid'),
  rule(String.raw`europepmc\.org`, String.raw`/(?:articles?|abstract)/(?:pmc/)?(PMC\d+)(?:/.*)?`, 'pmcid'),
  rule(String.raw`europepmc\.org`, String.raw`/article/pmc/(\d+)(?:/.*)?`, 'pmcid', 'PMC$1'),
  rule(String.raw`europepmc\.org`, String.raw`/(?:article|abstract)/ppr/(?:ppr)?(\d+)(?:/.*)?`, 'ppr', 'PPR$1'),
  rule(String.raw`europepmc\.org`, '/backend/.*', 'pmcid', '$1', 'accid'),
  rule(String.raw`europepmc\.org`, '/api/.*', 'pmcid', '$1', 'pmcid'),
  rule(String.raw`europepmc\.org`, '/search', 'list'),
  rule(NIPS, String.raw`/paper(?:_files/paper)?/(\d{4})/(?:hash|file|bibtex)/${NIPS_HASH}`, 'nips', '$2', '', NIPS_PAGE),
  rule(
    String.raw`datasets-benchmarks-proceedings\.neurips\.cc`,
    String.raw`/paper(?:_files/paper)?/(\d{4})/(?:hash|file|bibtex)/${NIPS_HASH}`,
    'nips',
    '$2',
    '',
    'https://datasets-benchmarks-proceedings.neurips.cc/paper/$1/hash/$2-Abstract$3.html',
  ),
  rule(
    NIPS,
    String.raw`/paper/(\d{1,5})-([a-z0-9-]+?)(?:-supplemental|-reviews)?(?:\.[a-z]+)?`,
    'nips',
    '$1',
    '',
    'https://papers.nips.cc/paper/$1-$2',
  ),
  rule(NIPS, '/(?:book|paper|paper_files)(?:/.*)?', 'list'),
  rule(String.raw`proceedings\.mlr\.press`, String.raw`/([vr]\d+)/([a-z0-9._-]+?)(?:\.html|\.pdf)?`, 'pmlr', '$1/$2'),
  rule(String.raw`proceedings\.mlr\.press`, String.raw`/([vr]\d+)/([a-z0-9._-]+)/[^/]+\.(?:pdf|html|bib)`, 'pmlr', '$1/$2'),
  rule(String.raw`proceedings\.mlr\.press`, String.raw`/(?:[vr]\d+)?`, 'list'),
  rule(
    String.raw`raw\.githubusercontent\.com`,
    String.raw`/mlresearch/([vr]\d+)/(?:[a-z0-9_-]+/)+?assets/([a-z0-9._-]+)/[^/]+\.pdf`,
    'pmlr',
    '$1/$2',
  ),
  rule(JMLR, String.raw`/proceedings/papers/([vr]\d+)/([a-z0-9._-]+?)(?:\.html|\.pdf|/[^/]+\.pdf)?`, 'pmlr', '$1/$2'),
  rule(
    String.raw`openaccess\.thecvf\.com|cv-foundation\.org`,
    String.raw`(?:/openaccess)?/(content[a-z0-9_]*(?:/[a-z0-9_-]+)*)/(?:html|papers|supplemental)/([a-z0-9_.'-]+_[a-z]+_\d{4})_(?:paper|supplemental)\.(?:html|pdf|zip)`,
    'cvf',
    '$2',
    '',
    'https://openaccess.thecvf.com/$1/html/$2_paper.html',
  ),
  rule(String.raw`openaccess\.thecvf\.com`, String.raw`/(?:menu.*|[a-z]+\d{4}[a-z_./]*)`, 'list'),
  rule(IEEE, String.raw`/(?:abstract/|rest/)?document/(\d+)(?:/.*)?`, 'ieee'),
  rule(IEEE, String.raw`/.*\.jsp`, 'ieee', '$1', 'arnumber'),
  rule(IEEE, String.raw`/(?:ielx?\d+/\d+/\d+/)0*(\d+)\.pdf`, 'ieee'),
  rule(JMLR, String.raw`/papers/(v\d+)/([a-z0-9._-]+?)(?:\.html|\.bib|/[^/]+\.pdf)?`, 'jmlr', '$1/$2'),
  rule(JMLR, String.raw`/papers/volume(\d+)/([a-z0-9._-]+?)(?:\.old)?/(?:[^/]+/)?[^/]+\.pdf`, 'jmlr', 'v$1/$2'),
  rule(JMLR, String.raw`/papers(?:/v\d+)?`, 'list'),
  rule(DBLP, String.raw`/rec/(?:[a-z]+\d?/)?([a-z]+/[a-z0-9_-]+/[a-z0-9_-]+)(?:\.[a-z]+)?`, 'dblp'),
  rule(DBLP, '/(?:db|pid|pers|search|streams)(?:/.*)?', 'list'),
  rule(HAL, String.raw`/([a-z]+-\d{8}(?:v\d+)?)(?:/.*)?`, 'hal'),
  rule(String.raw`(?:old\.|labs\.)?inspirehep\.net`, String.raw`/(?:api/)?(?:literature|record)/(\d+)(?:/.*)?`, 'inspire'),
  rule(ADS, '/(?:abs|full|link_gateway)/([^/]{19})(?:/.*)?', 'bibcode'),
  rule(ADS, '/cgi-bin/.*', 'bibcode', '$1', 'bibcode'),
  rule(ADS, '/search(?:/.*)?', 'list'),
  rule(String.raw`osf\.io`, String.raw`/preprints/(?:[a-z0-9_-]+/)?((?!bitss)[a-z0-9]{5}(?:_v\d+)?)(?:/.*)?`, 'osf'),
  rule(String.raw`osf\.io`, '/preprints(?:/.*)?', 'list'),
  rule(String.raw`(?:psyarxiv|socarxiv)\.com`, String.raw`/([a-z0-9]{5}(?:_v\d+)?)(?:/.*)?`, 'osf'),
  rule(SSRN, String.raw`/(?:sol3/)?(?:papers|delivery)\.(?:cfm|php)(?:/.*)?`, 'ssrn', '$1', 'abstract_id'),
  rule(SSRN, String.raw`/(?:sol3/)?(?:papers|delivery)\.(?:cfm|php)(?:/.*)?`, 'ssrn', '$1', 'abstractid'),
  rule(SSRN, String.raw`/abstract(?:_id)?=(\d+)`, 'ssrn'),
  rule(String.raw`zenodo\.org`, String.raw`/(?:api/)?records?/(\d+)(?:/.*)?`, 'zenodo'),
  rule(ELSEVIER, String.raw`/.*/(?:pii/|1-s2\.0-)([0-9BSX()-]+)(?:/.*)?`, 'pii'),
  rule(String.raw`pdf\.sciencedirectassets\.com`, String.raw`/\d+/1-s2\.0-([BS][0-9X]+)/.*`, 'pii'),
  rule(String.raw`(?:[a-z]+\.)?(?:cell|thelancet)\.com`, String.raw`/.*/(?:pii/?)?${PII}(?:[./].*)?`, 'pii'),
  rule(String.raw`(?:[a-z]+\.)?(?:cell|thelancet)\.com`, '/action/.*', 'pii', '$1', 'pii'),
  rule(NO_PUBLISHER, String.raw`/(?:.*/)?article/(?:pii)?(S\d{4}-\d{4}\(\d{2}\)\d{5}-[0-9X])(?:/.*)?`, 'pii'),
  rule(String.raw`dl\.acm\.org`, String.raw`/citation\.cfm`, 'doi', '10.1145/$1', 'doid'),
  rule(String.raw`preprints\.org`, String.raw`/manuscript/(\d{6}\.\d{4})/(v\d+)(?:/.*)?`, 'doi', '10.20944/preprints$1.$2'),
  rule(String.raw`(?:assets\.)?researchsquare\.com`, String.raw`/(?:article|files)/(rs-\d+)/(v\d+)(?:[._/].*)?`, 'doi', '10.21203/rs.3.$1/$2'),
  rule(String.raw`[a-z]+\.copernicus\.org`, String.raw`/articles/(?:.*/)?([a-z]+-\d+-\d+-\d{4})(?:-[a-z]+)?\.pdf`, 'doi', '10.5194/$1'),
  rule(String.raw`ijcai\.org`, String.raw`/proceedings/(20(?:1[7-9]|[2-9]\d))/0*([1-9]\d*)(?:\.pdf)?`, 'doi', '10.24963/ijcai.$1/$2'),
  rule(String.raw`(?:downloads\.)?hindawi\.com`, String.raw`/journals/[a-z]+/(\d{4})/(\d{6,7})(?:[./].*)?`, 'doi', '10.1155/$1/$2'),
  rule(String.raw`jstatsoft\.org`, String.raw`/(?:index\.php/jss/)?(?:article/view/)?v(\d{3})i(\d\d)(?:/.*)?`, 'doi', '10.18637/jss.v$1.i$2'),
  rule(String.raw`bmj\.com`, String.raw`/content/\d+/(bmj[.-][a-z0-9-]+)(?:[./].*)?`, 'doi', '10.1136/$1'),
  rule(String.raw`nber\.org`, String.raw`/(?:papers|system/files/working_papers)/(w\d+)(?:[./].*)?`, 'doi', '10.3386/$1'),
  rule(String.raw`drops\.dagstuhl\.de`, String.raw`/storage/.*/([a-z]+\.[a-z0-9_-]+\.\d{4}\.[a-z0-9.]+?)\.pdf`, 'doi', '10.4230/$1'),
  rule(
    String.raw`pubs\.rsc\.org`,
    String.raw`/[a-z]{2}/content/article(?:landing|html|pdf)/\d{4}/[a-z0-9]{2}/([cd]\d[a-z]{2}\d{5}[a-z0-9]|b\d{6}[a-z])`,
    'doi',
    '10.1039/$1',
  ),
  rule(SCHOLAR, '/scholar_lookup', 'doi', '$1', 'doi'),
  rule(SCHOLAR, '/scholar_lookup', 'arxiv', '$1', 'arxiv_id'),
  rule(NO_PUBLISHER, String.raw`/(?:.*/)?(?:toc|loi|doi/proceedings)/(?:.*/)?10\.\d{4,9}/.*`, 'list'),
  rule(NO_PUBLISHER, String.raw`/(?:.*/)?[a-z-]*article[a-z-]*/doi/(10\.\d{4,9}/[^/]+(?:/[^/]+)??)/\d{3,9}(?:/.*)?`, 'doi_path'),
  rule(String.raw`taylorfrancis\.com`, String.raw`/(?:books|chapters)/(?:.*/)?(10\.\d{4,9}/[^/]+)(?:/.*)?`, 'doi'),
  rule(String.raw`static-content\.springer\.com`, String.raw`/.*/[a-z]+:(10\.\d{4,9}/[^/]+)/.*`, 'doi'),
  rule(NO_PUBLISHER, String.raw`/(?:.*?/)?(?:doi:)?${DOI}`, 'doi_path'),
  ...['doi', 'id', 'persistentid', 'target', 'rft_id', 'uri'].map((name) => rule(NO_PUBLISHER, '/.*', 'doi', '$1', name)),
  rule(NO_PUBLISHER, String.raw`/(?:.*/)?arxiv[:/-]${ARXIV_ID}(?:[./].*)?`, 'arxiv'),
  rule(
    CATALOGUES,
    String.raw`/(?:[a-z]+/)?(?:search|browse|toc|loi|journals?|authors?|profile|volumes|articles$|subjects|topics?|communities|literature|action/doSearch|sol3/cf_dev|sol3/[a-z_]*results\.cfm|xpl)(?:/.*)?`,
    'list',
  ),
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
