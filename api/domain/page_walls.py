"""Pages that stand in the place of the one asked for: bot checks, logins, cookie walls, error pages with status 200.

They are told by their whole title, in the languages that such pages are served in, and by what bot checks write on an
otherwise empty page. Refuses to judge by a word alone: papers are about captchas, errors and logins too.
"""

from __future__ import annotations

import re

from api.domain.markup import plain_text
from api.domain.titles import is_gated_title

_PLEASE = r"(?:,? (?:please|bitte|geduld|per favore|prego|s'il vous plaît|si us plau|por favor|lütfen|пожалуйста))?"
_WAITING = (
    r"(?:(?:please |bitte |nur )?(?:just )?(?:a|one|einen?|e[eé]n|één|un|um|só um|ett|et|en|bir|один|chỉ một)? ?"
    r"(?:moment|momento|instant|istante|attimo|ogenblik|ögonblick|øjeblik|øyeblikk|dakika|saniye|момент|минутку"
    r"|clipă))",
    r"(?:please|bitte|lütfen|proszę|vui lòng) (?:wait|hold on|warten|bekleyin|czekać|chờ)",
    r"chwileczkę|okamžik|hetkinen|egy pillanat|tunggu sebentar|mohon tunggu|even geduld|aguarde|espere|attendere"
    r"|(?:пожалуйста, )?подождите|зачекайте|хвилинку|μια στιγμή|περιμένετε|لحظة|انتظر|רק רגע|请稍[候等]|請稍[候等]"
    r"|しばらくお待ちください|少々お待ちください|잠시만 기다(?:리십시오|려 ?주세요|려 ?주십시오)|โปรดรอสักครู่",
)
_YOU_ARE = r"(?:that |if |whether )?(?:you(?:'|’)?(?:re| are)|it(?:'|’)s) (?:really )?(?:not )?(?:an? )?"
_NO_ROBOT = (
    rf"(?:please |let(?:'|’)s |let us )?(?:mak(?:e|ing) sure|ensur(?:e|ing)|verify(?:ing)?|confirm(?:ing)?|prov(?:e"
    rf"|ing)|check(?:ing)?)"
    rf" {_YOU_ARE}(?:robot|bot|human)(?: being)?",
    r"(?:are you|(?:i|you)(?:'|’| a)?(?:m|re)) (?:not )?(?:a |an )?(?:robot|bot|human)|robot or human|human or robot",
    r"(?:we )?need to (?:verify|confirm|check) .{0,40}(?:human|robot|bot)",
    r"(?:.*, )?(?:dass )?sie (?:kein (?:bot|roboter)|ein mensch) sind|sind sie ein (?:mensch|roboter)",
    r"(?:.* )?(?:que )?vous n(?:'|’)êtes pas un (?:robot|bot)|êtes-vous (?:un robot|humain)",
    r"(?:.* )?(?:que )?no e(?:re)?s un (?:robot|bot)|(?:.* )?(?:que |se )?você (?:não é um (?:robô|bot)|é humano)",
    r"(?:.* )?(?:che )?non sei un (?:robot|bot)|(?:.* )?вы не (?:робот|бот)|я не робот",
    r"确保你不是(?:机器人|爬虫)|.{0,4}验证您是(?:否是)?真人|人机(?:身份)?验证|安全(?:验证|检查|驗證)"
    r"|.*ボットでないことを確認.*",
    r"(?:client|robot|security|bot|browser|human|challenge|user) (?:challenge|check|verification|validation)"
    r"(?: (?:required|screen|in progress))?|validate user|security verification",
    r"(?:(?:please )?(?:solve|complete|enter|pass) (?:the |this |a )?)?(?:google )?(?:re|h)?captcha"
    r"(?: (?:check|challenge|verification|required|page))?|shieldsquare captcha|.{0,20}bot manager captcha",
    r"(?:please )?complete the security check.*|checking your browser.*|performing security verification",
    r"ddos-guard|unusual (?:traffic|activity)(?: .{0,60})?|incapsula.*|protected by anubis",
)
_NO_ACCESS = (
    r"(?:access|zugriff|zugang|accès|acceso|acesso|accesso|toegang|доступ|åtkomst|adgang|tilgang"
    r"|erişim) (?:to this page )?"
    r"(?:has been |is |was |temporarily )?(?:denied|forbidden|blocked|restricted|verweigert|gesperrt|refusé|interdit"
    r"|denegado"
    r"|prohibido|negado|negato|geweigerd|запрещ[её]н|ограничен|nekad|nægtet|engellendi)",
    r"odmowa dostępu|访问(?:被拒绝|受限)|禁止访问|拒绝访问|アクセスが拒否されました|액세스 거부(?:됨)?"
    r"|access to (?:th(?:is|e) .{2,40}|\S+\.\S+) (?:was|is|has been) denied",
    r"(?:sorry, )?you have been blocked.*|your (?:access|request|ip) (?:to .* )?has been blocked.*"
    r"|request (?:rejected|blocked|unsuccessful).*|pardon our interruption.*|access denied .{1,80} used cloudflare.*",
    r"(?:your )?session (?:has )?(?:expired|timed out)|(?:bad|invalid) request|not acceptable|blocked|no access"
    r"|web (?:page|site) blocked|web application firewall|press & hold.{0,40}|vercel security checkpoint",
    r"(?:a )?subscription (?:is )?required|rate limit exceeded|(?:sorry|oops)",
)
_NOT_FOUND = (
    r"(?:(?:sorry|oo+ps|whoops)\W+)?(?:the |this |that |your )?(?:requested )?(?:page|file|document|paper|item"
    r"|article|resource"
    r"|content|url|link)(?: (?:you requested|you are looking for|requested))? (?:was |is |has been |could |can"
    r"|isn(?:'|’)t "
    r"|does |has )?(?:not |no longer )?(?:be )?(?:found|available|unavailable|exist|removed|blocked)",
    r"(?:(?:sorry|oo+ps|whoops)\W+)?we (?:can|could)(?:n?(?:'|’)t| ?not) find (?:that|the|this) (?:page|article"
    r"|document).*",
    r"(?:(?:die(?:se)? |diese )?(?:seite|datei|dokument|artikel) )?(?:wurde )?nicht gefunden",
    r"(?:cette )?(?:page|article|document) (?:est )?(?:non trouvée?|introuvable|inexistante?)",
    r"(?:la )?página no (?:encontrada|existe)|no se (?:encontró|ha encontrado) la página|página não encontrada",
    r"(?:pagina )?(?:non trovata|niet gevonden)|sidan (?:hittades inte|kunde inte hittas|finns inte)",
    r"siden (?:blev ikke fundet|ble ikke funnet|finnes ikke)|sivua ei löyt(?:ynyt|y)"
    r"|(?:strona )?nie znalezion[oa](?: strony)?",
    r"stránka nenalezena|страница (?:не найдена|не существует)|сторінку не знайдено|sayfa bulunamadı",
    r"(?:页面|网页|頁面)(?:不存在|未找到|没有找到)|找不到(?:该|此)?(?:页面|网页|頁面)"
    r"|.*ページ[がは]見つかりません(?:でした)?|페이지를 찾을 수 없습니다",
)
_LOGIN = (
    r"(?:(?:web|institutional|user|member|library|ezproxy|shibboleth|single|account) )?"
    r"(?:log ?in|login|log ?on|sign[ -]?in|sign[ -]?on)(?: (?:service|page|required|here|to .*))?",
    r"(?:shibboleth )?authentication (?:request|required)|anmelden|anmeldung|einloggen|connexion|se connecter"
    r"|authentification",
    r"(?:iniciar|inicio de) sesión|iniciar sessão|accedi|inloggen|aanmelden|logga in|log ind|logg inn|zaloguj się"
    r"|logowanie",
    r"вход|войти|авторизация|giriş yap|登[录錄入]|ログイン|로그인",
)
_SWITCHED_OFF = (
    r"(?:please )?(?:enable|allow|activate) (?:your )?(?:javascript|js|cookies)(?: and .{2,30})?(?: (?:to"
    r"|in) .{2,40})?",
    r"(?:javascript|cookies?|js)(?: (?:is|are|must|be|support))* (?:required|absent|disabled|blocked|enabled"
    r"|not (?:available|enabled|supported))",
    r"before you continue(?: to .*)?|bevor sie (?:.* )?fortfahren|avant d(?:'|’)accéder.*|antes de continuar.*"
    r"|cookie (?:consent|settings|preferences|notice)|cookie-einstellungen|we value your privacy|privacy error",
)
_OUT_OF_ORDER = (
    r"(?:oops\W+)?something went wrong|we(?:'|’)ll be (?:right )?back(?: soon| shortly)?|(?:site |website "
    r"|down )?(?:is )?"
    r"(?:currently )?(?:under|for|in scheduled|scheduled) maintenance|(?:site "
    r"|page )?(?:is )?temporarily (?:unavailable|offline)",
    r"(?:bad gateway|internal server error|service (?:temporarily )?unavailable|too many requests|gateway time-?out)",
    r"wartungsarbeiten|(?:site )?en (?:maintenance|mantenimiento)|runtime error|server error(?: in .*)?"
    r"|application error",
    r"interner serverfehler|erreur interne du serveur|error interno del servidor|web server is down"
    r"|connection timed out",
    r"this (?:site|page) can(?:'|’)t be reached|server not found|problem loading page"
    r"|error: the request could not be satisfied",
    r"(?:document|object|moved|page) (?:has )?(?:moved|permanently)(?: permanently| temporarily| to here)?",
)
_WALL = re.compile(
    "|".join(
        f"(?:{phrase})"
        for group in (_WAITING, _NO_ROBOT, _NO_ACCESS, _NOT_FOUND, _LOGIN, _SWITCHED_OFF, _OUT_OF_ORDER)
        for phrase in group
    ),
    re.I,
)
_STATUS = re.compile(r"(?:https?|error:?|status:?|fehler:?|erreur:?|errore:?|fout|ошибка:?|\s)*\b[345]\d\d\b\W*", re.I)
_NOT_ERRORS = re.compile(
    r"(?:microsoft|untitled|article|document|manuscript|index|download|view|full)\b.*|pdf|.*\d{3,}.*", re.I
)
_SIDES = re.compile(r"\s*(?:[|·•»«]|::)\s*|\s+[–—-]\s+")
_MOST_SITE_WORDS = 6
_LONGEST_WALL = 2500  # characters: bot checks are short pages
_CHECKS = re.compile(
    r"verify(?:ing)? (?:that )?you(?:'|’)?(?:re| are) (?:not a (?:ro)?bot|(?:a )?human)|checking (?:your browser"
    r"|if the site connection)"
    r"|enable js and disable any ad blocker|enable javascript and cookies to continue"
    r"|needs? to review the security of your"
    r"|(?:cloudflare|incapsula)\W.{0,400}(?:ray|incident) id|\bray id: ?[0-9a-f]{12,}|incapsula incident id"
    r"|press & hold to confirm|unusual (?:traffic|activity) from your|detected unusual|protected by anubis"
    r"|ddos protection by"
    r"|access to this page has been denied because|reference #\d+\.[0-9a-f]+\.|human challenge",
    re.I | re.S,
)


def is_wall(title: str) -> bool:
    """Whether the title is that of a bot check, a login or an error page, with the site's name around it or without."""
    text = plain_text(title)
    if not text:
        return False
    parts = [part for part in _SIDES.split(text) if part]
    has_site = len(parts) > 1 and len(text.split()) <= len(parts[0].split()) + _MOST_SITE_WORDS
    if any(_says_wall(part) for part in (text, *((parts[0], parts[-1]) if has_site else ()))):
        return True
    return is_gated_title(text) and (_STATUS.match(text) is not None or _NOT_ERRORS.fullmatch(text) is None)


def is_wall_text(text: str) -> bool:
    """Whether what a page shows, all in all, is a bot check."""
    return len(text) <= _LONGEST_WALL and _CHECKS.search(text) is not None


def _says_wall(text: str) -> bool:
    rest = _STATUS.sub("", text, count=1) if _STATUS.match(text) else text
    words = re.sub(rf"{_PLEASE}[\s.…!?:;()\d]*$", "", rest, flags=re.I)
    return not words or _WALL.fullmatch(words) is not None or (rest != text and is_gated_title(rest))
