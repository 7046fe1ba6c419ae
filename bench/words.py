"""Invented English: words whose frequencies fall as those of a real language do, and texts made of them."""

from itertools import accumulate
from random import Random

# The words that carry most English sentences; PostgreSQL's English search leaves them out, as ours does.
SMALL = "the of and to in a is that for on with as it are be by this from or have at an not will more".split()
OURS = """
    police community residents patrol officers youth safety neighbourhood council street schools trust
    training team reporting meeting ward support young women search response visible contact data crime
    antisocial behaviour engagement listening transport parks lighting hotspot partnership volunteers
    victims feedback survey presence recruitment funding translation drugs knife burglary theft cycling
""".split()
ONSETS = "b br c ch cl d dr f fl g gr h j l m n p pl pr r s sh sl st t th tr v w".split()
VOWELS = "a e i o u ea ou ai oo".split()
ENDINGS = "n r t l m st nd rt ck ng se th ld rn sh mp".split()
WORDS = 12_000
SHARE_OF_SMALL = 0.42


class Vocabulary:
    """All words, the most frequent first; the frequency of the nth is in proportion to 1/n (Zipf's law)."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.words = list(dict.fromkeys([*OURS, *(self._invented() for _ in range(3 * WORDS))]))[:WORDS]
        weights = [1 / (place + 8) for place in range(len(self.words))]
        small = sum(weights) * SHARE_OF_SMALL / (1 - SHARE_OF_SMALL)
        of_small = [small / len(SMALL)] * len(SMALL)
        self._all = [*SMALL, *self.words]
        self._heaped = list(accumulate([*of_small, *weights]))

    def _invented(self) -> str:
        pick = self._random.choice
        middle = pick(ONSETS) + pick(VOWELS) if self._random.random() < 0.6 else ""
        return f"{pick(ONSETS)}{pick(VOWELS)}{middle}{pick(ENDINGS)}"

    def text(self, length: int) -> str:
        """So many words, in small letters with single spaces."""
        return " ".join(self._random.choices(self._all, cum_weights=self._heaped, k=length))
