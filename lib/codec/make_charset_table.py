#!/usr/bin/env python3
"""make_charset_table.py [--check] - writes charset_table.c beside it: the upper halves of the single-byte
character sets, as Python's codecs have them, and the names that mail gives to character sets.

With --check nothing is written, and the exit status is 1 when the file would change."""
import pathlib
import re
import subprocess
import sys

# name of ours, Python's codec, a codec that fills the places that are control characters or empty there, names.
# Names are compared without regard to case and to everything that is no letter or digit.
SINGLE = [
    ("iso-8859-1", "latin-1", "cp1252", "iso88591 88591 iso885911987 isoir100 csisolatin1 latin1 l1 latin cp819 ibm819 819 "
     "iso8859 8859 8859_1 cp28591 iso88591windows30latin1 csWindows30Latin1 csWindows31Latin1 iso10646unicodelatin1 "
     "xiso88591"),
    ("iso-8859-2", "iso8859-2", None, "iso88592 88592 iso885921987 isoir101 csisolatin2 latin2 l2 28592 cp912 ibm912 "
     "iso88592windowslatin2 csWindows31Latin2 xiso88592"),
    ("iso-8859-3", "iso8859-3", None, "iso88593 88593 iso885931988 isoir109 csisolatin3 latin3 l3 28593 cp913 ibm913"),
    ("iso-8859-4", "iso8859-4", None, "iso88594 88594 iso885941988 isoir110 csisolatin4 latin4 l4 28594 cp914 ibm914"),
    ("iso-8859-5", "iso8859-5", None, "iso88595 88595 iso885951988 isoir144 csisolatincyrillic cyrillic 28595 cp915 ibm915"),
    ("iso-8859-6", "iso8859-6", None, "iso88596 88596 iso885961987 isoir127 csisolatinarabic arabic asmo708 ecma114 "
     "iso88596e iso88596i csiso88596e csiso88596i 28596 708 cp1089 ibm1089"),
    ("iso-8859-7", "iso8859-7", None, "iso88597 88597 iso885971987 iso885972003 isoir126 csisolatingreek greek greek8 ecma118 "
     "elot928 suneugreek 28597 cp813 ibm813"),
    ("iso-8859-8", "iso8859-8", None, "iso88598 88598 iso885981988 isoir138 csisolatinhebrew hebrew visual iso88598e csiso88598e "
     "28598 cp916 ibm916"),
    ("iso-8859-8-i", "iso8859-8", None, "iso88598i csiso88598i logical 38598"),
    ("iso-8859-9", "iso8859-9", "cp1254", "iso88599 88599 iso885991989 isoir148 csisolatin5 latin5 l5 28599 cp920 ibm920 "
     "csWindows31Latin5"),
    ("iso-8859-10", "iso8859-10", None, "iso885910 885910 iso8859101992 isoir157 csisolatin6 latin6 l6 28600"),
    ("iso-8859-11", "iso8859-11", "cp874", "iso885911 885911 iso8859112001 28601 thai"),
    ("iso-8859-13", "iso8859-13", None, "iso885913 885913 csiso885913 latin7 l7 28603 isoir179"),
    ("iso-8859-14", "iso8859-14", None, "iso885914 885914 csiso885914 iso8859141998 isoir199 isoceltic latin8 l8 28604"),
    ("iso-8859-15", "iso8859-15", None, "iso885915 885915 csiso885915 csisolatin9 latin9 l9 iso8859151998 isoir203 28605 "
     "cp923 ibm923 latin0 iso885915euro"),
    ("iso-8859-16", "iso8859-16", None, "iso885916 885916 csiso885916 iso8859162001 isoir226 latin10 l10 28606"),
    ("windows-874", "cp874", None, "windows874 874 dos874 ibm874 cp1162 ibm1162 1162"),
    ("tis-620", "tis-620", "cp874", "tis620 tis6200 tis62025290 tis62025291 tis62025330 tis62025331 isoir166 cstis620"),
    ("windows-1250", "cp1250", None, "windows1250 1250 cswindows1250 238 xwindows1250 ansi1250 win1250"),
    ("windows-1251", "cp1251", None, "windows1251 1251 cswindows1251 204 xwindows1251 ansi1251 win1251 windowscyrillic win"),
    ("windows-1252", "cp1252", None, "windows1252 1252 cswindows1252 ansi xwindows1252 ansi1252 win1252 westerneuropean"),
    ("windows-1253", "cp1253", None, "windows1253 1253 cswindows1253 161 xwindows1253 ansi1253 win1253"),
    ("windows-1254", "cp1254", None, "windows1254 1254 cswindows1254 162 xwindows1254 ansi1254 win1254"),
    ("windows-1255", "cp1255", None, "windows1255 1255 cswindows1255 177 xwindows1255 ansi1255 win1255"),
    ("windows-1256", "cp1256", None, "windows1256 1256 cswindows1256 178 xwindows1256 ansi1256 win1256"),
    ("windows-1257", "cp1257", None, "windows1257 1257 cswindows1257 186 xwindows1257 ansi1257 win1257 winbaltrim"),
    ("windows-1258", "cp1258", None, "windows1258 1258 cswindows1258 163 xwindows1258 ansi1258 win1258"),
    ("koi8-r", "koi8-r", None, "koi8r cskoi8r koi koi8 20866 cp878 ibm878 878 koi8rfc1489 koi8rrus"),
    ("koi8-u", "koi8-u", None, "koi8u cskoi8u 21866 cp1168 ibm1168"),
    ("koi8-t", "koi8-t", None, "koi8t"),
    ("macintosh", "mac-roman", None, "macintosh mac csmacintosh macroman xmacroman 10000 77 xmac applemacintosh macroman8"),
    ("x-mac-ce", "mac-latin2", None, "macce xmacce maccentraleurroman xmaccentraleurroman maccentraleurope maclatin2 10029 cp1282 "
     "ibm1282 xmaccentraleurope maccenteuro"),
    ("x-mac-croatian", "mac-croatian", None, "maccroatian xmaccroatian 10082"),
    ("x-mac-cyrillic", "mac-cyrillic", None, "maccyrillic xmaccyrillic xmacukrainian macukrainian macukraine msmaccyrillic 10007 "
     "10017 cp1283 ibm1283"),
    ("x-mac-greek", "mac-greek", None, "macgreek xmacgreek 10006 cp1280 ibm1280"),
    ("x-mac-icelandic", "mac-iceland", None, "maciceland macicelandic xmaciceland xmacicelandic 10079"),
    ("x-mac-romanian", "mac-romanian", None, "macromania macromanian xmacromania xmacromanian 10010"),
    ("x-mac-turkish", "mac-turkish", None, "macturkish xmacturkish 10081 cp1281 ibm1281"),
    ("ibm437", "cp437", None, "437 cspc8codepage437 255"),
    ("cp720", "cp720", None, "720 dos720"),
    ("cp737", "cp737", None, "737 dos737"),
    ("ibm775", "cp775", None, "775 cspc775baltic dos775"),
    ("ibm850", "cp850", None, "850 cspc850multilingual dos850"),
    ("ibm852", "cp852", None, "852 cspcp852 dos852"),
    ("ibm855", "cp855", None, "855 csibm855 dos855"),
    ("cp856", "cp856", None, "856 csibm856"),
    ("ibm857", "cp857", None, "857 csibm857 dos857"),
    ("ibm00858", "cp858", None, "858 00858 ccsid00858 pcmultilingual850euro cspc858multilingual ibm00858 cp00858 dos858"),
    ("ibm860", "cp860", None, "860 csibm860 dos860"),
    ("ibm861", "cp861", None, "861 csibm861 cpis dos861"),
    ("ibm862", "cp862", None, "862 cspc862latinhebrew dos862"),
    ("ibm863", "cp863", None, "863 csibm863 dos863"),
    ("ibm864", "cp864", None, "864 csibm864 dos864"),
    ("ibm865", "cp865", None, "865 csibm865 dos865"),
    ("ibm866", "cp866", None, "866 csibm866 dos866 cp866nav 254 alt"),
    ("ibm869", "cp869", None, "869 csibm869 cpgr dos869"),
    ("cp1006", "cp1006", None, "1006 ibm1006"),
    ("cp1125", "cp1125", None, "1125 ibm1125 cp866u ruscii"),
    ("kz-1048", "kz1048", None, "kz1048 rk1048 strk10482002 cskz1048"),
    ("ptcp154", "ptcp154", None, "ptcp154 csptcp154 pt154 cp154 cyrillicasian"),
    ("hp-roman8", "hp-roman8", None, "hproman8 roman8 r8 cshproman8 cp1051 ibm1051 1051"),
]

# name, kind, argument, names for iconv in the order of preference, names in mail
OTHER = [
    ("utf-8", "UTF8", "0", "", "utf8 utf unicode11utf8 unicode20utf8 xunicode20utf8 xutf8 csutf8 cp65001 65001 utf8mb4 utf8mb3 u8 utf8n utf8unix "
     "utf8utf8 utf8mac utfeight iso10646utf8 ucsutf8"),
    ("us-ascii", "ASCII", "0", "", "usascii ascii us ansix34 ansix341968 ansix341986 iso646us iso646 646 iso646irv iso646irv1991 "
     "iso646irv1983 isoir6 csascii cp367 ibm367 367 20127 asciius usasciii usascii7 usasci xusascii xascii 7bit7 usascii8859"),
    ("utf-16", "UTF16", "2", "", "utf16 unicode ucs2 iso10646ucs2 csunicode unicodefeff u16 csutf16 xutf16 isoiec10646 iso10646 "
     "csiso10646ucs1"),
    ("utf-16be", "UTF16", "1", "", "utf16be unicodefffe unicodebig unicodebigunmarked ucs2be 1201 utf16bigendian csutf16be unicodebigmarked"),
    ("utf-16le", "UTF16", "0", "", "utf16le unicodelittle unicodelittleunmarked ucs2le 1200 utf16littleendian csutf16le unicodelittlemarked"),
    ("utf-32", "UTF32", "2", "", "utf32 ucs4 iso10646ucs4 csucs4 u32 csutf32"),
    ("utf-32be", "UTF32", "1", "", "utf32be ucs4be 12001 csutf32be"),
    ("utf-32le", "UTF32", "0", "", "utf32le ucs4le 12000 csutf32le"),
    ("utf-7", "UTF7", "0", "", "utf7 unicode11utf7 unicode20utf7 xunicode11utf7 xunicode20utf7 csunicode11utf7 xutf7 csutf7 65000 u7"),
    ("gb18030", "DOUBLE", "CHARSET_GB", "", "gb18030 csgb18030 gb180302000 gb180302005 54936 xgb18030"),
    ("gbk", "DOUBLE", "CHARSET_GB", "", "gbk xgbk csgbk 936 ms936 windows936 xxgbk 52936x"),
    ("gb2312", "DOUBLE", "CHARSET_GB", "", "gb2312 xgb2312 csgb2312 gb23121980 gb231280 gb23120 csiso58gb231280 isoir58 chinese euccn xeuccn "
     "cngb eucgb2312cn simplifiedchinese 134 51936 20936 gb gb2312gbk gb23121 xmacchinesesimp xmacsimpchinese 10008 chinesegb"),
    ("euc-kr", "DOUBLE", "CHARSET_KR", "", "euckr xeuckr cseuckr ksc5601 ksc56011987 ksc56011989 ksc56011992 csksc56011987 isoir149 korean kscksc5601 ksx1001 "
     "ksx10011992 ksx10011997 xksc5601 ks5601 ks56011987 51949 20949 129 windows949 949 ms949 xwindows949 uhc xuhc kseuc xmackorean 10003 cp51949 "
     "5601 ksc ksc5636x ksc56011987korean kr mscp949"),
    ("johab", "JOHAB", "0", "JOHAB", "johab 1361 ms1361 cp1361 130 ksc56011992johab csjohab mscp1361"),
    ("shift_jis", "DOUBLE", "CHARSET_SJIS", "", "shiftjis shiftjiswindows csshiftjis sjis xsjis xshiftjis mskanji xmskanji windows31j cswindows31j ms932 932 943 128 "
     "windows932 sjiswin sjisopen pck xmacjapanese 10001 shiftjisms xsjiscp932 cp943c ibm943 shiftjisx0208 sshiftjis shitjis"),
    ("euc-jp", "DOUBLE", "CHARSET_JP", "", "eucjp xeucjp xeuc ujis cseucpkdfmtjapanese extendedunixcodepackedformatforjapanese eucjpms eucjpwin 51932 20932 "
     "eucjpopen japaneseeuc eucj euc eucjapan xeucjapan"),
    ("big5", "DOUBLE", "CHARSET_BIG5", "", "big5 csbig5 big5tw xbig5 xxbig5 cnbig5 bigfive big5eten big5hkscs xbig5hkscs csbig5hkscs 950 ms950 windows950 136 "
     "traditionalchinese chinesebig5 951 xmacchinesetrad xmactradchinese 10002 big5hk zhtwbig5 hkscs cnbig50 big5hkscs2004"),
    ("euc-tw", "DOUBLE", "CHARSET_TW", "", "euctw xeuctw cseuctw cns11643 51950 20000"),
    ("iso-2022-jp", "ISO2022JP", "0", "", "iso2022jp csiso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jp2004 iso2022jpext iso2022jpms csiso2022jp2 50220 50221 "
     "50222 jis jis7 jisencoding csjisencoding iso2022jpesc xiso2022jp iso2022jpb iso2022jpmac cp50220 cp50221 cp50222 junet isoir87 "
     "iso2022jpwindows"),
    ("iso-2022-kr", "ISO2022KR", "0", "", "iso2022kr csiso2022kr 50225 xiso2022kr"),
    ("iso-2022-cn", "ISO2022CN", "0", "", "iso2022cn csiso2022cn iso2022cnext csiso2022cnext 50227 50229 xiso2022cn xiso2022cncns xiso2022cngb"),
    ("hz-gb-2312", "HZ", "0", "", "hzgb2312 hz hzgb 52936 cshzgb2312 xhz hzgb23121"),
    ("unknown-8bit", "GUESS", "0", "", "unknown8bit xunknown unknown none default notset null undefined xuserdefined userdefined 8bit 7bit binary auto "
     "autodetect xdefault unknowncharset unknown7bit xunknown8bit system native xcharset charset other dbcs mbcs _auto xautodetect notspecified"),
]

# "cp850", "IBM-850", "dos850" and the like are found by their number (charset_names.c).
LONGEST = 22  # longer names are compared as far as that


def loose(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def upper_half(codec, fill):
    def at(name, i):
        try:
            c = bytes([i]).decode(name)
        except UnicodeDecodeError:
            return 0
        return ord(c) if len(c) == 1 and ord(c) < 0x10000 and ord(c) != 0xfffd else 0
    out = []
    for i in range(128, 256):
        c = at(codec, i)
        if fill and (c == 0 or 0x80 <= c < 0xa0):
            c = at(fill, i) or c
        out.append(c)
    return out


def rows():
    for name, codec, fill, words in SINGLE:
        yield name, "SINGLE", None, "", words, (codec, fill)
    for name, kind, arg, iconv, words in OTHER:
        yield name, kind, arg, iconv, words, None


def text():
    tables, lines, names = {}, [], {}
    for number, (name, kind, arg, iconv, words, codec) in enumerate(rows()):
        if codec:
            values = tuple(upper_half(*codec))
            arg = str(tables.setdefault(values, len(tables)))
        lines.append('    {"%s", CHARSET_KIND_%s, %s},' % (name, kind, arg))
        for word in [name] + words.split():
            word = loose(word)
            if word.startswith("cp") and word[2:].isdigit():
                word = word[2:].lstrip("0") or "0"
            if word.startswith("ibm") and word[3:].isdigit():
                word = word[3:].lstrip("0")
            if names.setdefault(word[:LONGEST], number) != number:
                raise SystemExit("%s: in %s and in another" % (word, name))
    out = ["/* charset_table.c - made by make_charset_table.py: do not edit. */", '#include "codec/charset_names.h"', "",
           "const uint16_t charset_high[][128] = {"]
    for values in tables:
        out.append("    {" + ", ".join("0x%x" % v if v else "0" for v in values) + "},")
    out += ["};", "", "const struct charset_row charset_rows[] = {"] + lines + ["};", ""]
    out.append("const struct charset_alias charset_aliases[] = {")
    out += ['    {"%s", %d},' % (n, names[n]) for n in sorted(names)]
    out += ["};", "", "const size_t charset_alias_count = sizeof charset_aliases / sizeof charset_aliases[0];", ""]
    out.append("const size_t charset_row_count = sizeof charset_rows / sizeof charset_rows[0];\n")
    return "\n".join(out)


def formatted(source):
    run = subprocess.run(["clang-format", "--style=file", "--assume-filename=" + __file__.replace(".py", ".c")], input=source,
                         capture_output=True, text=True)
    return run.stdout if run.returncode == 0 else source


def main():
    path = pathlib.Path(__file__).with_name("charset_table.c")
    words = re.compile(r"\s+")
    if "--check" in sys.argv:
        same = words.sub("", path.read_text()) == words.sub("", text())
        print("1..1\n%sok 1 - charset_table.c is what make_charset_table.py writes" % ("" if same else "not "))
        return 0 if same else 1
    path.write_text(formatted(text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
