"""Chinese characters that tell encodings and scripts apart."""

import re

# Simplified and traditional form in turn; forms that the other script uses too (后, 里, 台) stay out.
_PAIRS = (
    "们們这這个個为為来來国國说說时時会會对對发發经經过過开開还還进進动動现現问問长長东東业業关關实實两兩当當"
    "没沒从從点點应應间間样樣产產无無员員书書门門报報该該给給记記务務统統办辦级級计計队隊"
    "华華电電车車话話马馬场場觉覺风風条條气氣议議权權党黨团團总總认認区區单單专專历歷传傳"
    "义義见見设設调調师師众眾类類变變战戰质質领領导導则則际際约約热熱标標广廣乡鄉园園医醫"
    "农農联聯网網银銀项項预預体體价價资資费費购購负負责責规規术術结結构構线線组組织織继繼续續"
)
HANS = frozenset(_PAIRS[0::2])
HANT = frozenset(_PAIRS[1::2])
# The most frequent characters of running text in either script.
COMMON = (
    frozenset(
        "的一是不了在人有我他大中到上要以地用就出可也你生能而子那得于着下自之年作心三前日月分水好看小部最"
        "新方成者民力行性本主家高学同工全政公市法事度社理二十多所如又与及但其后里面情本明安北京海和名天起被比"
        "因外加四五六七八九次定都文将常此位已由把向每省入手相少去老回表教意想真道位者，。、；：“”‘’！？（）《》—…·"
    )
    | HANS
    | HANT
)
_COMMON = re.compile(f"[{''.join(sorted(COMMON))}]+")
_HANS = re.compile(f"[{''.join(sorted(HANS))}]")
_HANT = re.compile(f"[{''.join(sorted(HANT))}]")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_SAMPLE = 4000  # characters; menus come before the text
_TASTE = 400  # characters of running text that tell the script
_ENOUGH = 2  # one stray character of the other script is a name or a quotation


def common_share(text: str) -> float:
    """Return which share of the characters beyond ASCII are common in Chinese; 0.0 where there are none."""
    foreign = "".join(_FOREIGN.findall(text))[:_SAMPLE]
    return common(foreign) / len(foreign) if foreign else 0.0


def common(text: str) -> int:
    """Count the characters that are common in Chinese."""
    return sum(map(len, _COMMON.findall(text)))


def is_traditional(text: str) -> bool:
    """Tell whether a Chinese text is written in traditional characters."""
    sample = text[:_TASTE]
    traditional = len(set(_HANT.findall(sample)))  # 0 of most texts, which is all that is asked of them
    return traditional >= _ENOUGH and traditional >= len(set(_HANS.findall(sample)))
