# SPDX-License-Identifier: AGPL-3.0-or-later
# Makes a catalogue nobody speaks out of words/doorstep.pot, for tests and for the eye:
#   en-XA  every letter accented and each sentence a third longer: what is not translatable stays
#          plain, what has no room to grow breaks
#   ar-XB  between Arabic words, with the six plural forms of Arabic: the page runs right to left
#
#   awk -v locale=en-XA -f words/pseudo.awk words/doorstep.pot >en-XA.po
#
# Placeholders like {1}, and whatever follows a backslash, stay as they are. Bytes are bytes here:
# no letter of the sentences but the ASCII ones is changed, so any awk will do.

BEGIN {
    split("a á b ƀ c ç d ð e é f ƒ g ĝ h ĥ i í j ĵ k ķ l ł m ɱ n ñ o ó p þ q ǫ r ŕ s š t ţ u ú v ṽ " \
        "w ŵ x ẋ y ý z ž A Á B Ɓ C Ç D Ð E É F Ƒ G Ĝ H Ĥ I Í J Ĵ K Ķ L Ł M Ṁ N Ñ O Ó P Þ Q Ǫ R Ŕ " \
        "S Š T Ţ U Ú V Ṽ W Ŵ X Ẋ Y Ý Z Ž", pair, " ")
    for (i = 1; (i + 1) in pair; i += 2)
        accented[pair[i]] = pair[i + 1]
    forms = locale == "ar-XB" ? 6 : 2
    rule = locale == "ar-XB" ? "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : " \
        "n%100>=11 ? 4 : 5" : "n != 1"
}

# The text between the first and the last quote of a line.
function quoted(line) {
    sub(/^[^"]*"/, "", line)
    sub(/"[^"]*$/, "", line)
    return line
}

function accent(s,    out, c, skip) {
    while (s != "") {
        skip = 1
        if (match(s, /^\{[0-9n]\}/))
            skip = RLENGTH
        else if (substr(s, 1, 1) == "\\")
            skip = 2
        c = substr(s, 1, skip)
        out = out (skip == 1 && c in accented ? accented[c] : c)
        s = substr(s, skip + 1)
    }
    return out
}

# A third of the length of s, in words.
function more(s,    n, out) {
    for (n = int(length(s) / 3); n > 0; n -= 6)
        out = out " " (n >= 6 ? "ẋẋẋẋẋ" : n >= 3 ? "ẋẋ" : "ẋ")
    return out
}

function translated(s) {
    return locale == "ar-XB" ? "نص " s " نص" : accent(s) more(s)
}

function flush_entry(    i) {
    if (!seen)
        return
    if (id == "")
        printf "msgid \"\"\nmsgstr \"\"\n\"Language: %s\\n\"\n\"MIME-Version: 1.0\\n\"\n" \
            "\"Content-Type: text/plain; charset=UTF-8\\n\"\n" \
            "\"Content-Transfer-Encoding: 8bit\\n\"\n" \
            "\"Plural-Forms: nplurals=%d; plural=%s;\\n\"\n\n", locale, forms, rule
    else if (plural == "")
        printf "msgid \"%s\"\nmsgstr \"%s\"\n\n", id, translated(id)
    else {
        printf "msgid \"%s\"\nmsgid_plural \"%s\"\n", id, plural
        for (i = 0; i < forms; i++)
            printf "msgstr[%d] \"%s\"\n", i, translated(i == 1 - (forms == 2) ? id : plural)
        print ""
    }
    seen = 0
    id = plural = ""
}

/^msgid_plural / { into = "plural"; plural = quoted($0); next }
/^msgid / { flush_entry(); seen = 1; into = "id"; id = quoted($0); next }
/^msgstr/ { into = ""; next }
/^"/ && into == "id" { id = id quoted($0) }
/^"/ && into == "plural" { plural = plural quoted($0) }
END { flush_entry() }
