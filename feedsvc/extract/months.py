"""Names of months, case folded, in the languages of Europe, as they stand in dates: in their genitive."""

_NAMES = """
    jan january januar jänner janvier janv enero ene gennaio gen januari janeiro stycznia sty ledna
    ianuarie ian ocak oca tammikuuta januára január jaanuar jaan janúar gener xaneiro xan siječnja
    sausio ιανουαρίου ιανουαριου ιανουάριος ιαν января янв січня січ студзеня януари јануари јануар janar |
    feb february februar feber février févr fevr fév febrero febbraio februari fevereiro fev lutego lut
    února februarie şubat şub helmikuuta február februára febr veebruar veebr febrúar febrer febreiro
    veljače vasario φεβρουαρίου φεβρουαριου φεβρουάριος φεβ февраля февр фев лютого лют лютага
    февруари фебруари фебруар shkurt |
    mar march märz mär mrz mars marzo maart mrt março marca března martie mart maaliskuuta márc
    március marts märts marec març ožujka kovo μαρτίου μαρτιου μάρτιος μαρ марта мар березня бер
    сакавіка март |
    apr april avril avr abril abr aprile kwietnia kwi dubna aprilie nisan nis huhtikuuta április apríla
    ápr aprill apríl travnja balandžio απριλίου απριλιου απρίλιος απρ апреля апр квітня квіт красавіка
    април prill |
    may mai mayo maggio mag mei maio maj maja května mayıs toukokuuta május mája máj maí maig svibnja
    gegužės μαΐου μαίου μαϊου μαιου μάιος μαΐ мая травня трав мај май |
    jun june juni juin junio giugno giu junho czerwca cze června iunie iun haziran haz kesäkuuta június
    jún júna junij juuni júní juny xuño lipnja birželio ιουνίου ιουνιου ιούνιος ιουν июня июн червня
    черв чэрвеня юни јуни јун qershor |
    jul july juli juillet juil julio luglio lug julho lipca lip července iulie iul temmuz tem heinäkuuta
    július júl júla julij juuli júlí juliol xullo xul srpnja liepos ιουλίου ιουλιου ιούλιος ιουλ июля
    июл липня лип ліпеня юли јули јул korrik |
    aug august août aout agosto ago augustus augusti sierpnia sie srpna ağustos ağu elokuuta augusztus
    augusta avgust avg ágúst agost kolovoza rugpjūčio αυγούστου αυγουστου αύγουστος αυγ августа авг
    серпня серп жніўня август gusht |
    sep sept september septembre septiembre settembre set setembro września wrz září septembrie eylül
    eyl syyskuuta szeptember szept septembra septembar setembre rujna rugsėjo σεπτεμβρίου σεπτεμβριου
    σεπτέμβριος σεπ сентября сент сен вересня вер верасня септември септембар shtator |
    oct october oktober okt octobre octubre ottobre ott outubro out października paź října octombrie
    ekim eki lokakuuta október októbra oktobar oktoober spalio οκτωβρίου οκτωβριου οκτώβριος οκτ
    октября окт жовтня жовт кастрычніка октомври октобар tetor |
    nov november novembre noviembre novembro listopada lis listopadu noiembrie kasım kas marraskuuta
    novembra novembar nóvember studenoga studenog lapkričio νοεμβρίου νοεμβριου νοέμβριος νοε νοεμ
    ноября нояб ноя листопада лист лістапада ноември новембар nëntor |
    dec december dezember dez décembre déc diciembre dic dicembre desember des dezembro grudnia gru
    prosince decembrie aralık ara joulukuuta decembra decembar detsember dets desembre decembro
    prosinca gruodžio δεκεμβρίου δεκεμβριου δεκέμβριος δεκ декабря дек грудня груд снежня декември
    децембар dhjetor
"""
_NUMBERS = {
    name.casefold(): number for number, names in enumerate(_NAMES.split("|"), 1) for name in names.split()
}
_ORDINAL = {"listopada": 10, "lis": 10, "lip": 6}


def number(name: str, *, ordinal: bool = False) -> int:
    """Return the number of a month, 0 for what is none; `ordinal` says that a point stands behind its day.

    No name means two months but three: "12. listopada" is Croatian October, "12 listopada" Polish November.
    """
    folded = name.casefold()
    known = _NUMBERS.get(folded, 0)
    return _ORDINAL.get(folded, known) if ordinal else known
