"""Names of months, case folded, in the languages of Latin script that pages are mostly written in."""

_NAMES = """
    jan january januar jänner janvier enero ene gennaio gen januari janeiro stycznia ledna ianuarie
    ocak tammikuuta januára január |
    feb february februar feber février févr fevr febrero febbraio februari fevereiro fev lutego
    února februarie şubat helmikuuta február februára |
    mar march märz mär mrz mars marzo maart mrt março marco marca března martie mart maaliskuuta
    március |
    apr april avril avr abril abr aprile kwietnia dubna aprilie nisan huhtikuuta április apríla |
    may mai mayo maggio mag mei maio maj maja května mayıs toukokuuta május mája |
    jun june juni juin junio giugno giu junho czerwca června iunie haziran kesäkuuta június júna |
    jul july juli juillet juil julio luglio lug julho lipca července iulie temmuz heinäkuuta július
    júla |
    aug august août aout agosto ago augustus augusti sierpnia srpna ağustos elokuuta augusztus
    augusta |
    sep sept september septembre septiembre settembre set setembro września září septembrie eylül
    syyskuuta szeptember septembra |
    oct october oktober okt octobre octubre ottobre ott outubro out października října octombrie
    ekim lokakuuta október októbra |
    nov november novembre noviembre novembro listopada listopadu noiembrie kasım marraskuuta
    novembra |
    dec december dezember dez décembre déc diciembre dic dicembre desember dezembro grudnia prosince
    decembrie aralık joulukuuta decembra
"""
NUMBERS = {name: number for number, names in enumerate(_NAMES.split("|"), 1) for name in names.split()}
"""A month's name to its number. No name means two months."""
