"""The small words that give a language in Latin script away, about twenty for each.

Those of one letter are left out, and those that are as common in English.
"""

_LISTED = {
    "en": "the of and to in is that for it was on with as are be this by at from have not they which but his",
    "de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es wird aus",
    "fr": "le les des et est dans une du pour qui que par sur pas au avec plus ce sont la aux cette mais ont",
    "es": "el los las del en que una por con para su es al lo como más pero sus fue ha este se",
    "it": "il di che per una del della con non dei alla sono anche più gli nel delle questo ha si le dal",
    "pt": "os da do em que não uma para com dos das no na ao mais foi se pela pelo são seu como",
    "nl": "de het een van en in dat is op te zijn met voor niet aan er ook door naar bij uit worden heeft om",
    "pl": "na się nie że jest od przez po dla jak oraz ale za tym co jego są roku został",
    "sv": "och att det som en på är av för med till den har inte om ett var från vi men också när efter kan",
    "da": "og det som en på er af med til den har ikke om et var fra vi men også når efter kan blev",
    "fi": "ja ei että se oli hän mutta kun myös ovat kuin tai joka jo nyt vain siitä voi mukaan",
    "cs": "na se je že ve ke při byla být ve pro jsou za od také jako byl ale po podle které jeho jsem který",
    "tr": "ve bir bu da de için ile olarak olan çok daha gibi kadar sonra ise ancak ne var en her olduğu",
    "id": "yang dan di ini itu dengan untuk dari pada dalam tidak akan ke adalah juga oleh telah sebagai",
    "vi": "và của là có cho không được trong một với các những người này đã về đến từ khi để tại",
}
LANGUAGES = tuple(_LISTED)
WORDS: dict[str, list[str]] = {}
"""By word, the languages that it is one of."""

for _language, _words in _LISTED.items():
    for _word in _words.split():
        WORDS.setdefault(_word, []).append(_language)
