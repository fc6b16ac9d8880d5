"""What the control words of RTF mean to a reader of its text; constants.

Source: Rich Text Format Specification 1.9.1, Microsoft, 2008.
"""

from __future__ import annotations

# Groups whose text is not the document's.
SKIPPED = frozenset(
    (
        "aftncn aftnsep aftnsepc datafield falt fldinst fldtype filetbl fname ftncn ftnsep ftnsepc listtable "
        "mmathPict nonesttables nonshppict objdata pict pntxta pntxtb private revtbl shprslt sn sp stylesheetrow sv tc "
        "tcl template themedata upr xe category company doccomm hlinkbase manager operator printim buptim comment"
    ).split()
)
# Groups that are marked as skippable for old programs, and hold text all the same.
READ_THOUGH_MARKED = frozenset(
    "annotation atnauthor cs do footnote moMath moMathPara nesttableprops shpinst shptxt ud dptxbxtext".split()
)
# A word makes its group what it says only as the first of the group; some programs put another one before these.
ANYWHERE = frozenset(("pict", "objdata", "fldinst", "footnote"))
MARGINS = frozenset("header headerf headerl headerr footer footerf footerl footerr".split())
BOXES = frozenset(("shptxt", "dptxbxtext"))
# Said about the document: the name of the property.
SAID = {"title": "title", "author": "author", "subject": "subject", "keywords": "keywords"}
DATES = {"creatim": "created", "revtim": "modified"}
LABELS = frozenset(("listtext", "pntext"))

CHARACTERS = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "nestcell": ", ",
    "nestrow": "; ",
}
SYMBOLS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\t": "\t"}
PARAGRAPH_ENDS = frozenset(("par", "sect", "page", "column"))

CODECS_BY_CHARSET = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
SYMBOL_CHARSET = 2
CODECS_BY_WORD = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
