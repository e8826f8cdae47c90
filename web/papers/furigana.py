"""Furigana for papers that everybody must be able to read: one table of our words' readings.

A text becomes parts, each a piece and its reading (empty for what needs none). What people wrote is
never given a reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from web.pdf import Block

Part = list[str]  # a piece of text and its reading
# Words as they stand in the forms, each kanji followed by its reading. The longest one that fits
# is taken, so a word in its sentence may stand beside the word alone.
WORDS = """
登録票[とうろくひょう] 書[か]ける お書[か]き 事務局[じむきょく] 入力[にゅうりょく]
お電話[でんわ] 電話[でんわ] お名前[なまえ] 名前[なまえ] 四日市市[よっかいちし] 市内[しない]
住[す]んで お住[す]まい 働[はたら]いて 学[まな]んで 学[まな]び お勤[つと]め先[さき] 地区[ちく]
電話番号[でんわばんごう] 仕事[しごと] 使[つか] 得意[とくい] 人[ひと]に教[おし]えて 日時[にちじ]
場所[ばしょ] 週間[しゅうかん] 時間[じかん] 同時[どうじ] 引[ひ]き受[う]け 数[かず]
打[う]ち合[あ]わせ 出[で]やすい 曜日[ようび] 時間帯[じかんたい] 月曜[げつよう] 火曜[かよう]
水曜[すいよう] 木曜[もくよう] 金曜[きんよう] 土曜[どよう] 日曜[にちよう] 午前[ごぜん] 午後[ごご]
夜[よる] 活動[かつどう] 対面[たいめん] 出[で]かけ 距離[きょり] 関心[かんしん]
活動分野[かつどうぶんや] 分野[ぶんや] 言語[げんご] 日本語[にほんご] 英語[えいご]
中国語[ちゅうごくご] 韓国語[かんこくご] ポルトガル語[ご] スペイン語[ご] ベトナム語[ご]
タガログ語[ご] インドネシア語[ご] ネパール語[ご] タイ語[ご] フランス語[ご] ドイツ語[ご]
事務局記入欄[じむきょくきにゅうらん] 受付日[うけつけび] 受付方法[うけつけほうほう]
入力者[にゅうりょくしゃ] 入力日[にゅうりょくび] 団体登録票[だんたいとうろくひょう]
ご記入[きにゅう] 団体[だんたい] 種類[しゅるい] 自治会[じちかい] 地縁団体[ちえんだんたい]
法人[ほうじん] 協議会[きょうぎかい] 委員会[いいんかい] 拠点[きょてん] 対象[たいしょう]
確認[かくにん] 会員[かいいん] 広[ひろ] 社会[しゃかい] 自発的[じはつてき] 営利[えいり]
目的[もくてき] 宗教[しゅうきょう] 主[おも]な 政治上[せいじじょう] 主義[しゅぎ] 特定[とくてい]
候補者[こうほしゃ] 公職者[こうしょくしゃ] 政党[せいとう] 推[お]したり 反対[はんたい]
連絡先[れんらくさき] 連絡[れんらく] 方[かた]の 団体一覧[だんたいいちらん] 載[の]せる
相談票[そうだんひょう] お話[はな]し 一緒[いっしょ] 整[ととの] 困[こま] 目標[もくひょう]
題名[だいめい] 今[いま] 何[なに] 終[お]わ 得[え]られ 得[え]て 形式[けいしき] 大[おお]きさ
合[あ]います 1日[にち] 約[やく] 1〜2人[にん] 1人[り] お願[ねが]い 始[はじ]まり 週数[しゅうすう]
役割[やくわり] 内容[ないよう] 人数[にんずう] 日[ひ] 集[あつ]まれ 集[あつ]まる 進[すす]め
中心[ちゅうしん] 作業[さぎょう] 必要[ひつよう] 急[いそ] 重要[じゅうよう] 通常[つうじょう]
理由[りゆう] 準備[じゅんび] 一言[ひとこと] 言[い]え 一部[いちぶ] 実現[じつげん] 助[たす]か
書類[しょるい] 写真[しゃしん] 引[ひ]き継[つ]ぐ 人[ひと] 質問[しつもん] 3日以内[かいない]
答[こた]え 役員会[やくいんかい] 同意[どうい] 半年以内[はんとしいない] 前[まえ] 来[く]る
締[し]め切[き]り 保健[ほけん] 医療[いりょう] 福祉[ふくし] 社会教育[しゃかいきょういく]
観光[かんこう] 農山漁村[のうさんぎょそん] 中山間地域[ちゅうさんかんちいき] 学術[がくじゅつ]
文化[ぶんか] 芸術[げいじゅつ] 環境[かんきょう] 保全[ほぜん] 災害救援[さいがいきゅうえん]
地域[ちいき] 安全[あんぜん] 人権[じんけん] 平和[へいわ] 国際協力[こくさいきょうりょく]
男女共同参画[だんじょきょうどうさんかく] 子[こ]ども 健[すこ]やか 育[そだ]ち
情報化社会[じょうほうかしゃかい] 科学技術[かがくぎじゅつ] 経済[けいざい] 活性化[かっせいか]
職業[しょくぎょう] 雇用[こよう] 消費者[しょうひしゃ] 保護[ほご] 支援[しえん] 条例[じょうれい]
定[さだ]める 地縁活動[ちえんかつどう] 参加[さんか] 期間[きかん]
頼[たの]みたい 知識[ちしき] 受[う]け渡[わた]し 受[う]け入[い]れる 時期[じき]
"""
KANJI = re.compile("[一-龥々]")


def annotated(block: Block, names: Mapping[str, str]) -> Block:
    """A block of a form with furigana over every text; ``names``: further words and readings."""
    return {
        key: _each(value, names) if key in ("text", "items", "head", "rows") else value
        for key, value in block.items()
    }


def _each(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return parts(value, names)
    return [_each(each, names) for each in value]


def parts(text: str, names: Mapping[str, str]) -> str | list[Part]:
    """A text with its readings; the text itself where nothing needs one."""
    if not KANJI.search(text):
        return text
    if text in names:
        return [[text, names[text]]]
    found: list[Part] = []
    at = 0
    while at < len(text):
        word = next((each for each in _longest_first() if text.startswith(each, at)), None)
        for piece in _table()[word] if word else [[text[at], ""]]:
            if found and not found[-1][1] and not piece[1]:
                found[-1][0] += piece[0]
            else:
                found.append(list(piece))
        at += len(word) if word else 1
    return found


@cache
def _table() -> dict[str, list[Part]]:
    return {_surface(word): _pieces(word) for word in WORDS.split()}


@cache
def _longest_first() -> tuple[str, ...]:
    return tuple(sorted(_table(), key=len, reverse=True))


def _surface(word: str) -> str:
    return re.sub(r"\[[ぁ-ん]+\]", "", word)


def _pieces(word: str) -> list[Part]:
    """お勤[つと]め先[さき] as お, 勤 with its reading, め, 先 with its reading."""
    found: list[Part] = []
    for plain, kanji, kana in re.findall(r"([^\[\]]*?)([一-龥々]+)\[([ぁ-ん]+)\]", word):
        if plain:
            found.append([plain, ""])
        if kanji:
            found.append([kanji, kana])
    rest = re.split(r"\]", word)[-1]
    if rest:
        found.append([rest, ""])
    return found
