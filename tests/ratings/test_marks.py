"""The guard before words are shown: what it marks, what it leaves, and what it is known to miss."""

import itertools
import time

import pytest

from commitments.marks import KINDS, Mark, marked

PERSONAL = [
    ("PC 1234NE pushed my son against a wall.", "PC 1234NE", "number"),
    ("It was pc1234 again", "pc1234", "number"),
    ("collar number 456 would not listen", "collar number 456", "number"),
    ("His shoulder number was 3321", "shoulder number was 3321", "number"),
    ("the one with 1234 CE on it", "1234 CE", "number"),
    ("Ask NE4521 about it", "NE4521", "number"),
    ("badge no. 778 laughed at us", "badge no. 778", "number"),
    ("PCSO 7081 is lovely", "PCSO 7081", "number"),
    ("PC Smith was rude", "Smith", "name"),
    ("Sgt. Amina Begum came to the meeting", "Amina Begum", "name"),
    ("I told Inspector O'Neill twice", "O'Neill", "name"),
    ("Mr Khan at the shop sells knives", "Khan", "name"),
    ("ask mrs patel", "patel", "name"),
    ("sgt jones never calls back", "jones", "name"),
    ("My neighbour Khalid was stopped", "Khalid", "name"),
    ("my friend Precious saw it", "Precious", "name"),
    ("a man called Dazza deals there", "Dazza", "name"),
    ("It is always Sarah Jones who complains", "Sarah Jones", "name"),
    ("Yesterday David Adeyemi came round", "David Adeyemi", "name"),
    ("Everyone knows it is Jamal", "Jamal", "name"),
    ("J. Okafor is behind this", "J. Okafor", "name"),
    ("Thanks to Cllr Ahmed Ali", "Ahmed Ali", "name"),
    ("they beat up a lad named tyler", "tyler", "name"),
    ("DAVID SMITH is the dealer", "DAVID SMITH", "name"),
    ("Agnieszka from the corner shop", "Agnieszka", "name"),
    ("Ring me on 07700 900123", "07700 900123", "phone"),
    ("+44 7700 900123", "+44 7700 900123", "phone"),
    ("call 020 7946 0123 after six", "020 7946 0123", "phone"),
    ("(020) 7946 0123", "(020) 7946 0123", "phone"),
    ("0044 20 7946 0123", "0044 20 7946 0123", "phone"),
    ("text 07700-900-123 please", "07700-900-123", "phone"),
    ("phone 8496 3000", "phone 8496 3000", "phone"),
    ("I live in E17 4QH", "E17 4QH", "postcode"),
    ("near e107nq", "e107nq", "postcode"),
    ("SW1A 1AA", "SW1A 1AA", "postcode"),
    ("The drug house is 14 Hoe Street", "14 Hoe Street", "address"),
    ("at 14 hoe street", "14 hoe street", "address"),
    ("221b Baker Street", "221b Baker Street", "address"),
    ("12-14 Church Hill Road is boarded up", "12-14 Church Hill Road", "address"),
    ("Flat 3, Cedar House", "Flat 3, Cedar House", "address"),
    ("he lives at number 23", "lives at number 23", "address"),
    ("7 St Mary's Rd", "7 St Mary's Rd", "address"),
    ("write to jo.bloggs@example.org", "jo.bloggs@example.org", "email"),
    ("jo.bloggs (at) example.org", "jo.bloggs (at) example.org", "email"),
    ("jo at gmail dot com", "jo at gmail dot com", "email"),
    ("a van, LK19 XYZ", "LK19 XYZ", "vehicle"),
    ("lk19xyz parks on the pavement", "lk19xyz", "vehicle"),
    ("old Ford A123 BCD", "A123 BCD", "vehicle"),
    ("number plate is R4NDY", "R4NDY", "vehicle"),
]
HARMLESS = [
    "Hoe Street is dark after six.",
    "Two officers on the street, that is all we ask.",
    "Waltham Forest is not a safe place for young people.",
    "Since October there are more patrols in Lloyd Park.",
    "The Metropolitan Police promised 12 patrols a week by March 2026.",
    "I have seen 3 officers in 6 months.",
    "We reported it on 12 May and again on 3 June.",
    "Police in Leytonstone High Road do nothing.",
    "The Safer Neighbourhood Team came to our school.",
    "Nobody answers 101.",
    "Call 999? They never come.",
    "We were told at 10 PM that nobody was free.",
    "In 2026 Hoe Street was closed for weeks.",
    "The Citizens' Assembly asked for this.",
    "Stop and Search happens to Black boys far more often.",
    "It costs 100 pounds.",
    "They said they would come. They did not.",
    "My neighbour was burgled twice.",
    "See WF24-C012, it is not done.",
    "Thank you, Walthamstow Central is better now.",
]
FRESH = [
    ("Officer Daniels never gives his number", "Daniels"),
    ("I spoke to DC Harpreet Gill last week", "Harpreet Gill"),
    ("the sergeant, 2291 NE, refused", "2291 NE"),
    ("my number is 07911123456", "07911123456"),
    ("Contact Ms. Okonkwo at the school", "Okonkwo"),
    ("Her son Ibrahim was searched", "Ibrahim"),
    ("they live at 9 Palmerston Road", "9 Palmerston Road"),
    ("blue BMW KX70 ABC outside", "KX70 ABC"),
    ("E4 8SJ is full of them", "E4 8SJ"),
    ("officer 5512 was kind", "officer 5512"),
    ("Tell Father Michael", "Michael"),
    ("Priti from number 40 saw everything", "Priti"),
    ("Mustafa Yilmaz sells weed", "Mustafa Yilmaz"),
    ("my brother Kwabena", "Kwabena"),
    ("big Dave on the estate", "Dave"),
    ("ask ahmed at the barber", "ahmed"),
    ("0208 555 1234", "0208 555 1234"),
    ("Flat 12b", "Flat 12b"),
    ("PC Jo Brown and PC Ali", "Ali"),
    ("Constable Nowak helped", "Nowak"),
    ("Mrs. O'Connor-Smith", "O'Connor-Smith"),
    ("twitter @walthamjoe", "walthamjoe"),
    ("Shanice got hurt", "Shanice"),
    ("my mate Olly", "Olly"),
    ("the Hussain family", "Hussain"),
    ("sean@btinternet.com", "sean@btinternet.com"),
    ("the lad from 33 Boundary Road", "33 Boundary Road"),
    ("Ch Insp Wright", "Wright"),
    ("PS Lee 45CE", "Lee"),
    ("Chinonso is the one", "Chinonso"),
]
"""Written after the guard and never used to mend it: what it finds of these is how well it does."""
SEEN_OF_FRESH = 24
FRESH_HARMLESS = [
    "Leyton Orient played on Saturday and we saw nobody.",
    "Great work by the ward team in Hale End.",
    "The new Chief promised 20 more officers in 2027.",
    "Jubilee Park at night: 5 lights are broken.",
    "Please publish figures for Q3 2026.",
    "I rang 3 times in 2 weeks.",
    "Bus 34 stops there, Bell Corner is awful.",
    "Good Friday was calm.",
]
WRONGLY_MARKED = 2
MISSED = [
    "the boy with the red bike at the chip shop did it",
    "everybody knows grace did it",
    "seven seven hundred nine hundred one two three",
    "the house next to the mosque, blue door",
    "пристав Иванов был груб",
]
"""Known not to be marked; whoever reads the words must see these for themselves."""


@pytest.mark.parametrize(("text", "part", "kind"), PERSONAL)
def test_what_may_lead_to_a_person_is_marked(text: str, part: str, kind: str) -> None:
    assert (kind, part) in [(mark.kind, text[mark.start : mark.end]) for mark in marked(text)]


@pytest.mark.parametrize("text", HARMLESS)
def test_places_months_bodies_and_counts_are_not_marked(text: str) -> None:
    assert marked(text) == []


@pytest.mark.parametrize("text", MISSED)
def test_what_it_does_not_see_is_known(text: str) -> None:
    assert marked(text) == []


def test_of_sentences_that_it_was_not_made_with_it_sees_four_in_five_and_marks_a_place_now_and_then() -> None:
    seen = [part for text, part in FRESH if any(_touches(text, part, mark) for mark in marked(text))]
    assert len(seen) == SEEN_OF_FRESH
    assert sum(bool(marked(text)) for text in FRESH_HARMLESS) == WRONGLY_MARKED


def _touches(text: str, part: str, mark: Mark) -> bool:
    start = text.index(part)
    return mark.start < start + len(part) and mark.end > start


def test_marks_stand_in_order_do_not_overlap_and_lie_within_the_text() -> None:
    text = "\n".join(sentence for sentence, _, _ in PERSONAL)
    marks = marked(text)
    assert {mark.kind for mark in marks} == set(KINDS)
    assert all(one.end <= other.start for one, other in itertools.pairwise(marks))
    assert marks[0].start >= 0
    assert marks[-1].end <= len(text)


@pytest.mark.parametrize("part", ["Aa ", "1 a ", "0 ", "A.", "a", "1", "live ", "flat a "])
def test_the_longest_text_is_read_in_a_moment_whatever_it_repeats(part: str) -> None:
    began = time.process_time()
    marked((part * 20_000)[:20_000])
    assert time.process_time() - began < 2
