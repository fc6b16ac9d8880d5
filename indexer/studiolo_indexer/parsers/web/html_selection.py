"""What of a page is no main text: navigation, and elements that no one can see. In doubt it is kept; linear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

TEXT = "-text"
# Never text: code, styles, controls, frames.
NEVER = frozenset(
    "script style noscript template iframe svg object embed audio video canvas select datalist button textarea input "
    "title head -comment _comment".split()
)
_CONTENT = frozenset("main article section blockquote figure td dialog".split())
_CHROME_ROLES = frozenset(("navigation", "search"))
_PAGE_ROLES = frozenset(("banner", "contentinfo"))
_CHROME_CLASSES = frozenset(
    "noprint no-print d-print-none sr-only visually-hidden screen-reader-text mw-editsection mw-jump-link".split()
)
_BOXES = frozenset("ul ol menu div section".split())
_MENU_LINKS = 3
_MENU_SHARE = 0.6
_STYLE_CHARS = 2000
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|(?:font-size|opacity)\s*:\s*0(?:\.0{1,9})?(?:px|pt|em|rem|%)?\s*(?:;|!|$)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,9}",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255\b)", re.IGNORECASE
)
_LEAST_SHARE = 0.1


def steps(root: LexborNode, is_skipped: Callable[[LexborNode, str], bool]) -> Iterator[tuple[LexborNode, str, bool]]:
    """Walk below a node in reading order, without recursion: (node, tag, True) on the way in, (…, False) out.

    Texts (their tag is `TEXT`) have no way out. Nodes for which `is_skipped` says so are left out with all in them.
    """
    above: list[tuple[LexborNode, str]] = []
    node = root.child
    while node is not None or above:
        if node is None:
            node, tag = above.pop()
            yield node, tag, False
            node = node.next
            continue
        tag = node.tag or ""
        if tag == TEXT:
            yield node, tag, True
            node = node.next
        elif is_skipped(node, tag):
            node = node.next
        else:
            yield node, tag, True
            above.append((node, tag))
            node = node.child


@dataclass(slots=True)
class Selection:
    """The elements of a page that are left out (by their `mem_id`), and what the ledger should say of it."""

    left_out: set[int] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)

    def skips(self, node: LexborNode, tag: str) -> bool:
        """Tell whether a node is left out."""
        return tag in NEVER or node.mem_id in self.left_out


@dataclass(slots=True)
class _Share:
    """What an element of a header holds: letters, letters of links, links, and whether the page's own heading."""

    letters: int = 0
    linked: int = 0
    links: int = 0
    has_title: bool = False

    def is_menu(self) -> bool:
        return self.links >= _MENU_LINKS and self.linked >= _MENU_SHARE * self.letters and not self.has_title

    def add(self, other: _Share) -> None:
        self.letters += other.letters
        self.linked += other.linked
        self.links += other.links
        self.has_title |= other.has_title


class _Survey:
    """Counts the letters of a page: kept, in navigation, hidden; each element once on the way in and out."""

    def __init__(self, *, has_main: bool) -> None:
        self._has_main = has_main
        self._content = self._background = self._links = 0
        self._inside = ""  # in what we are: "chrome", "hidden" or nothing
        self._until = 0
        self._shares: list[_Share] = []  # of the elements that are open within a header
        self._white: set[int] = set()
        self.chrome: set[int] = set()
        self.hidden: set[int] = set()
        self.letters = {"": 0, "chrome": 0, "hidden": 0}
        self.white = 0

    def enter(self, node: LexborNode, tag: str) -> None:
        attributes = node.attributes
        style = (attributes.get("style") or "")[:_STYLE_CHARS]
        if not self._inside:
            self._inside = self._kind(tag, attributes, style)
            if self._inside:
                self._until = node.mem_id
                (self.hidden if self._inside == "hidden" else self.chrome).add(node.mem_id)
        self._content += tag in _CONTENT
        self._links += tag == "a"
        self._background += "background" in style or "bgcolor" in attributes
        if "color" in style and _WHITE.search(style):
            self._white.add(node.mem_id)
        if self._shares or tag == "header":
            self._shares.append(_Share(links=int(tag == "a"), has_title=tag == "h1"))

    def leave(self, node: LexborNode, tag: str) -> None:
        attributes = node.attributes
        self._content -= tag in _CONTENT
        self._links -= tag == "a"
        self._background -= "background" in (attributes.get("style") or "")[:_STYLE_CHARS] or "bgcolor" in attributes
        self._white.discard(node.mem_id)
        if self._shares:
            self._leave_header(node, tag)
        if self._inside and node.mem_id == self._until:
            self._inside = ""

    def count(self, letters: int) -> None:
        self.letters[self._inside] += letters
        if self._white and not self._background:
            self.white += letters
        if self._shares and not self._inside:
            self._shares[-1].letters += letters
            self._shares[-1].linked += letters if self._links else 0

    def _leave_header(self, node: LexborNode, tag: str) -> None:
        share = self._shares.pop()
        titled = share.has_title or (self._content > 0 and tag == "header")
        if (tag == "header" and not titled) or (tag in _BOXES and share.is_menu()):
            self.chrome.add(node.mem_id)
            self.letters[""] -= share.letters
            self.letters["chrome"] += share.letters
            share = _Share()
        if self._shares:
            self._shares[-1].add(share)

    def _kind(self, tag: str, attributes: dict[str, str | None], style: str) -> str:
        hidden = "hidden" in attributes and attributes["hidden"] != "until-found"
        if hidden or (":" in style and _HIDING.search(style)):
            return "hidden"
        classes = attributes.get("class")
        if classes and not _CHROME_CLASSES.isdisjoint(classes.split()):
            return "chrome"
        if tag == "nav" or attributes.get("role") in _CHROME_ROLES:
            return "chrome"
        if tag in ("a", "label") and attributes.get("aria-hidden") == "true":
            return "chrome"  # the mark beside a heading that links to it; the face of a menu
        if self._content:
            return ""
        of_page = tag == "footer" or attributes.get("role") in _PAGE_ROLES or (tag == "aside" and self._has_main)
        return "chrome" if of_page else ""


def select(body: LexborNode) -> Selection:
    """Choose what is left out of a page's body."""
    survey = _Survey(has_main=body.css_first("main, article, [role=main]") is not None)
    # Formulas are hidden beside their picture; they are no secret.
    for node, tag, entering in steps(body, lambda _, tag: tag in NEVER or tag == "math"):
        if tag == TEXT:
            survey.count(len((node.text_content or "").strip()))
        elif entering:
            survey.enter(node, tag)
        else:
            survey.leave(node, tag)
    letters = survey.letters
    chosen = Selection()
    # A page that is nothing but links, or that a script would have shown, is kept whole.
    if letters[""] >= _LEAST_SHARE * letters["chrome"]:
        chosen.left_out |= survey.chrome
    if letters[""] + letters["chrome"] > 0:
        chosen.left_out |= survey.hidden
    if letters["hidden"]:
        chosen.warnings.append(f"hidden text: {letters['hidden']} characters that the page does not show")
    if survey.white:
        chosen.warnings.append(f"hidden text: {survey.white} characters in white")
    return chosen
