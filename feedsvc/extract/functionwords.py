"""The small words that give a language in Latin script away, twenty or so for each."""

_LISTED = {
    "en": "the of and to in is that for it was on with as are be this by at from have not they which but his",
    "de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es wird bei aus",
    "fr": "le les des et est dans une du pour qui que par sur pas au avec plus ce sont la aux cette mais ont",
    "es": "el los las del y en que una por con para su es al lo como más pero sus fue ha este se",
    "it": "il di che e per una del della con non dei alla è sono anche più gli nel delle questo ha si le dal",
    "pt": "o os da do em que não uma para com dos das no na ao mais é foi se pela pelo são seu como",
    "nl": "de het een van en in dat is op te zijn met voor niet aan er ook door naar bij uit worden heeft om",
    "pl": "i w na z się do nie to że jest od przez po dla jak oraz ale za tym co jego są roku został",
    "sv": "och att det som en på är av för med till den har inte om ett var från vi men också när efter kan",
    "da": "og at det som en på er af for med til den har ikke om et var fra vi men også når efter kan blev",
    "fi": "ja on ei että se oli hän mutta kun myös ovat kuin tai joka jo nyt vain siitä voi mukaan",
    "cs": "a v na se je že to s z do o ve pro jsou za od také jako byl ale po podle které jeho jsem který",
    "tr": "ve bir bu da de için ile olarak olan çok daha gibi kadar sonra ise ancak ne var en her o olduğu",
    "id": "yang dan di ini itu dengan untuk dari pada dalam tidak akan ke adalah juga oleh telah sebagai",
    "vi": "và của là có cho không được trong một với các những người này đã về đến từ khi để tại",
}
WORDS = {language: frozenset(words.split()) for language, words in _LISTED.items()}
