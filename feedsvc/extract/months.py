"""Names of months, case folded, in the languages of Latin script that pages are mostly written in."""

_NAMES = (
    "jan january januar jänner janvier enero ene gennaio gen januari janeiro stycznia ledna",
    "feb february februar feber février févr fevr febrero febbraio februari fevereiro fev lutego února",
    "mar march märz mär mrz mars marzo maart mrt março marco marca března",
    "apr april avril avr abril abr aprile kwietnia dubna",
    "may mai mayo maggio mag mei maio maj maja května",
    "jun june juni juin junio giugno giu junho czerwca června",
    "jul july juli juillet juil julio luglio lug julho lipca července",
    "aug august août aout agosto ago augustus augusti sierpnia srpna",
    "sep sept september septembre septiembre settembre set setembro września září",
    "oct october oktober okt octobre octubre ottobre ott outubro out października října",
    "nov november novembre noviembre novembro listopada listopadu",
    "dec december dezember dez décembre déc diciembre dic dicembre desember dezembro grudnia prosince",
)
NUMBERS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
"""A month's name to its number. No name means two months."""
