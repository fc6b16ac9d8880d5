"""Words that say nothing of what is looked for: they hold sentences together, and stand everywhere; pure.

"May" and "will" are not among them: one is a month, the other what a notary looks for. Words that name a thing in
another language (war, son, hat) are left out only where the question is in theirs.

Without them a question is matched by what it is about. What they cost with them in: page found first in five of
`northwind-hr` .891 against .905 without, nDCG@10 of `scifact` .733 against .738.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from studiolo_indexer.word_splitting import folded

_ENGLISH = """
a about after all also am an and any are as at be because been before being between both but by can could did do does
doing during each few for from further had has have having he her hers him his how i if in into is it its just me
might more most must my no nor not of off on once only or other our out over own same shall she should so some such than
that the their them then there these they this those through to too under until up us very was we were what when where
which while who whom whose why with within would you your
"""
_GERMAN = """
aber als am an auch auf aus bei beim bin bis da dann das dass dem den der des die dies diese diesem diesen dieser dieses
doch du durch ein eine einem einen einer eines er es euch für hat hatte hatten haben hier ich ihm ihn ihr ihre ihren im
in ist ja kann können man mein mit muss nach nicht noch nun nur ob oder ohne sein seine sich sie sind so über um und uns
unser unter vom von vor wann war waren warum was welche welchem welchen welcher welches wem wen wenn wer werden wie
wieder wird wo wurde wurden zu zum zur
"""
_FRENCH = """
au aux avec ce ces cet cette comment dans de des du elle en est et eu il ils je la le les leur lui ma mais me même mes
moi mon ne nos notre nous on ont ou où par pas plus pour pourquoi qu que quel quelle quelles quels qui quoi sa sans se
ses son sont sur ta te tes toi ton tu un une vos votre vous
"""
_SPANISH = """
al como con cual cuál cuáles cuando cuándo cuanto cuánto cuántos cuántas de del desde donde dónde el ella ellos en era
es esa ese eso esta este esto estos fue fueron ha hay la las le les lo los más me mi muy no nos o para pero por porque
que qué quien quién quiénes se ser si sin sobre son su sus también te tu un una uno y ya
"""
_ALSO_THINGS = frozenset("war die dies hat man bin son par pour sans ton plus hay con sin era los las".split())


_LANGUAGES = tuple(frozenset(map(folded, words.split())) for words in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH))
_COUNTS = Counter(word for words in _LANGUAGES for word in words)
STOP_WORDS = frozenset(_COUNTS)


def stop_words_of(words: Iterable[str]) -> frozenset[str]:
    """Give those of a question's words, folded, that say nothing in it.

    What names a thing in another language counts only beside a word that its own language alone has.
    """
    asked = STOP_WORDS.intersection(words)
    telling = {word for word in asked - _ALSO_THINGS if _COUNTS[word] == 1}
    spoken = [language for language in _LANGUAGES if language & telling]
    return frozenset(w for w in asked if w not in _ALSO_THINGS or any(w in language for language in spoken))


def is_english(words: Iterable[str]) -> bool:
    """Tell whether a question's words, folded, hold one that English alone frames questions with."""
    return any(_COUNTS[word] == 1 and word in _LANGUAGES[0] and word not in _ALSO_THINGS for word in words)
