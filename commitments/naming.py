"""What looks like the name of a person in English: titles, pairs of capitals, common first names, "my neighbour …".

Names of places, months and bodies are none.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]

_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,24}"
_TITLES = (
    r"Mr|Mrs|Ms|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Revd|Reverend|Imam|Rabbi|Cllr|Councillor|"
    r"PC|PCSO|WPC|DC|DS|DI|DCI|PS|Sgt|Sergeant|Insp|Inspector|Supt|Superintendent|Constable|Officer|Commander|Sarge"
)
_RELATIONS = (
    r"neighbours?|neighbors?|friends?|brother|sister|son|daughter|husband|wife|partner|mother|father|mum|dad|cousin|uncle|"
    r"aunt|auntie|nephew|niece|landlord|landlady|boss|manager|teacher|colleague|boyfriend|girlfriend|ex|lad|man|woman|boy|girl"
)
_NAMED = r"called|named|name is|name was|name of|names are|known as|nicknamed|signed,?|contact"

TITLED = re.compile(
    rf"\b(?:{_TITLES}|{_TITLES.upper()}|Miss|Father|Sister)\b\.?[ \t]+({_WORD}(?:[ \t]+{_WORD}){{0,2}})"
)
TYPED_SMALL = re.compile(
    r"\b(?:mr|mrs|ms|mx|dr|cllr|pc|pcso|wpc|sgt|sergeant|constable|inspector)\.?[ \t]+([a-z][a-z'’-]{2,24})\b"
)
RELATED = re.compile(rf"\b(?:{_RELATIONS})\b,?[ \t]+({_WORD}(?:[ \t]+{_WORD}){{0,2}})")
CALLED = re.compile(rf"\b(?:{_NAMED})[ \t]+({_WORD}(?:[ \t]+{_WORD}){{0,2}})", re.UNICODE)
INITIALLED = re.compile(rf"\b((?:[A-Z]\.[ \t]?){{1,3}}{_WORD})")
RUNS = re.compile(rf"\b{_WORD}(?:[ \t]+(?:de |van |bin |al-|el-)?{_WORD}){{1,3}}")
SINGLE = re.compile(r"\b[A-Za-zÀ-ÖØ-öø-ÿ]{3,}\b")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Ordinary words that begin sentences or headings with a capital; they are no part of a name.
ORDINARY = _words("""
a about after again all also although always an and another any anyone anything are as ask asked at be
because been before both but by call called came can cannot come could did do does done each even ever every
everyone everything few finally first for from get give given go good great had has have he hello her here
hi his how however i if in instead is it its just keep last lately later let like local lots many maybe more
most much my near never next no nobody none not nothing now of off often ok on once one only or other our
out over people perhaps please police policing put really right said same saw say second see seen she should
since so some somebody someone sometimes soon still stop such thank thanks that the their them then there
these they thing think this those three through time to today tomorrow tonight too two under until up us
usually very was we well went were what when where which while who whole why will with without would wow yes
yesterday yet you young your says told goes stopped
""")  # fmt: skip
# Of places, months and bodies: where one stands in a run of capitals, the run names no person.
OF_NO_PERSON = _words("""
january february march april may june july august september october november december monday tuesday
wednesday thursday friday saturday sunday christmas easter ramadan eid diwali bank holiday spring summer
autumn winter street road avenue lane close drive crescent grove gardens place terrace square court way walk
hill park row mews green rise view parade broadway house mansions villas buildings yard wharf path passage
approach estate point tower lodge heights bridge station stadium centre center hall school academy college
university hospital surgery library church mosque temple synagogue market shop store pub cafe café bakery
restaurant gym pool common marsh marshes wood woods forest valley reservoir river canal line tube overground
underground bus route waltham walthamstow leyton leytonstone chingford highams hackney newham redbridge
enfield haringey islington hamlets london greater england britain british uk united kingdom wales scotland
ireland europe european essex kent north south east west central upper lower new old st saint high police
metropolitan met service force constabulary officer officers constable sergeant inspector team teams unit
neighbourhood neighbourhoods safer ward panel council councils councillors borough mayor mayoral mopac
office government home department ministry parliament committee assembly citizens citizen jury commission
commissioner trust nhs bbc tfl iopc hmicfrs association society group groups network charity foundation
partnership board youth club company limited ltd plc act law bill plan strategy report review scheme project
programme campaign watch crime crimestoppers stop search section live facial recognition black asian white
muslim christian jewish hindu sikh african caribbean english polish turkish pakistani bangladeshi indian
somali romanian lgbt lgbtq facebook twitter whatsapp instagram nextdoor google dear sincerely regards covid
asb anti social behaviour
""")  # fmt: skip
# First names that are no ordinary words, frequent among residents of London.
FIRST = _words("""
aaron abdi abdul abdullah abigail abu adam adebayo agnieszka ahmed aidan aisha alan alastair albert alex
alexander alexandra alfie ali alice alison amanda amina amir amy ananya andre andrea andrei andrew andrzej
angela anil anita ann anna anne anthony antonio anwar arjun arthur ashley asif ayaan ayesha ayse barbara
bashir ben benjamin bernard beth bilal brian bridget callum cameron carlos carol caroline catherine charlie
charlotte chiara chidi chloe chris christina christine christopher claire clare colin conor craig daniel
danielle darren dave david deborah debbie deepak denise dennis derek diana dimitri dominic donna dorothy
duncan dylan edward eileen elena eleanor elizabeth ella ellie emily emma emmanuel eric erin esther ethan eva
evelyn ewa farah fatima fiona florence francesca frank fred freya gareth gary gavin gemma geoff george
georgia gerald gillian gordon graham greg hannah harjit harriet harry harpreet hassan hayley heather helen
henry hussain hussein ian ibrahim imran ioana irene isaac isabella isla ismail ivan jackie jacob jade jake
jamal james jamie jan jane janet janice jason jasmine javed jean jeff jennifer jenny jeremy jess jessica
joan joanna joanne joe john jonathan jordan jorge jose joseph josh joshua joyce juan judith julia julian
julie kareem karen karim karol kate katherine kathleen katie kayleigh keith kelly kenneth kevin khadija
khalid kieran kim kofi krishna kwame kyle lakshmi laura lauren lee leila leon lewis liam linda lisa louise
lucas lucy luke lynn maciej magdalena mahmoud malcolm manjit marcus margaret maria marie marion martin mary
maryam mateusz matthew maureen megan mehmet melissa michael michelle miguel mike mohamed mohammad mohammed
molly monika muhammad mustafa nadia nasreen natalie nathan neil niamh nicholas nicola nigel noah nusrat
oliver olivia olu oluwaseun omar osman oscar pamela patricia paul paula pauline pavel pedro peter philip
phoebe piotr priya priyanka rachel rahul raj rajesh ravi rebecca rhys richard robert robin roger ronald
rosemary ross roy russell ruth ryan sabrina sadiq saeed sally sam samantha samira samuel sandra sanjay sara
sarah scott sean sebastian shabana shahid shannon sharon sheila shirley simon sofia sophie stacey stanley
stefan stella stephanie stephen steve steven stuart sunita susan suzanne sylvia tariq tayo teresa thomas tim
timothy tobias toby tom tomasz tony tracey tracy trevor tunde tyler usman valerie vanessa vera victoria
vijay vikram vincent walter wayne wendy william xavier yasmin yusuf yvonne zainab zara zoe zofia
""")  # fmt: skip

_CUE = re.compile(rf"\b(?:{_NAMED}|{_RELATIONS})\s+$")
LOOK_BACK = 20
_STREET_FOLLOWS = re.compile(
    r"(?:['’]s)?[ \t]+(?:street|road|avenue|lane|close|drive|crescent|grove|gardens|place|terrace|square|park|school|"
    r"house|court|church|hospital|way|hall|centre|market|station)\b",
    re.IGNORECASE,
)


def marked_names(text: str) -> Iterator[Span]:
    """From where to where in the text names seem to stand; spans may overlap."""
    for pattern in (TITLED, RELATED, CALLED):
        for match in pattern.finditer(text):
            yield from _kept(text, *match.span(1))
    for match in TYPED_SMALL.finditer(text):
        if match[1] not in ORDINARY | OF_NO_PERSON:
            yield match.span(1)
    for match in INITIALLED.finditer(text):
        yield match.span(1)
    for match in RUNS.finditer(text):
        yield from _kept(text, *match.span(), fewest=2)
    yield from _first_names(text)


def _kept(text: str, start: int, end: int, fewest: int = 1) -> Iterator[Span]:
    """The run of capitals without ordinary words around it, if a name of at least so many words is left."""
    words = [match.span() for match in re.finditer(r"\S+", text[start:end])]
    words = [(start + first, start + last) for first, last in words]
    while words and _small(text, words[0]) in ORDINARY:
        words.pop(0)
    while words and _small(text, words[-1]) in ORDINARY:
        words.pop()
    if len(words) >= fewest and not any(_small(text, word) in OF_NO_PERSON for word in words):
        yield words[0][0], words[-1][1]


def _first_names(text: str) -> Iterator[Span]:
    """Common first names with a capital, or whole in capitals; typed small only after "called" and the like."""
    for match in SINGLE.finditer(text):
        if match[0].lower() not in FIRST or _STREET_FOLLOWS.match(text, match.end()):
            continue
        if match[0][0].isupper() or re.search(
            rf"\b(?:{_NAMED}|{_RELATIONS})\s+$", text[max(0, match.start() - 20) : match.start()]
        ):
            yield match.span()


def _small(text: str, span: Span) -> str:
    word = text[span[0] : span[1]].lower().strip("'’-")
    return re.sub(r"['’]s$", "", word)
