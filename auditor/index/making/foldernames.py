"""Does a folder's name say whose pictures are in it, or only when or how they were made? Pure.

`2023`, `2024-05 sketches`, `png export` and `wip (2)` sort one person's work; `Ash Varga` is a person.
"""

from __future__ import annotations

import re
import unicodedata

_TOKENS = re.compile(r"[^\W\d_]+|\d+")
_SORTING = frozenset(
    """
    art arts artwork artworks work works piece pieces picture pictures image images img imgs pic pics photo photos
    painting paintings drawing drawings illustration illustrations render renders scan scans artbook gallery portfolio
    sketch sketches sketchbook doodle doodles rough roughs draft drafts lineart linework line inks inked ink colour
    colours color colors coloured colored flats study studies practice wip wips unfinished progress final finals
    finished done complete completed original originals source sources raw raws export exports exported print prints
    web hires hi hr lowres lores lo res small large big full fullsize thumbs thumbnails preview previews crop cropped
    edit edits edited upload uploads posted published commission commissions comm comms request requests fanart fanarts
    oc ocs character characters portrait portraits landscape landscapes background backgrounds environment environments
    concept concepts animal animals nature still life abstract traditional digital watercolor watercolour acrylic oil
    oils pencil pencils charcoal pastel gouache inktober misc miscellaneous other others various unsorted sorted new old
    older recent archive archived archives backup backups copy copies temp tmp folder album albums collection
    collections series set sets part vol volume page pages chapter batch dump download downloads all untitled personal
    private public client clients project projects year years month day week q v ver version dcim canon camera
    png jpg jpeg webp gif tif tiff bmp psd psb svg heic avif jxl kra clip sai procreate
    skizze skizzen entwurf fertig bilder bild arbeiten zeichnungen auftrag alt neu sonstiges jahr
    croquis esquisse esquisses dessin dessins peinture peintures travaux ancien divers
    boceto bocetos dibujo dibujos pintura pinturas trabajos obras terminado terminados viejo nuevo varios
    schizzi disegni bozze finiti lavori szkice rysunki
    年 月 日 落書き らくがき ラフ 線画 スケッチ 下書き 完成 絵 イラスト 草稿
    素描 速写 涂鸦 成品 作品 练习 낙서 스케치 완성 그림
    """.split()
)
"""Words that say when, how or in which state, never who."""
_TIMES = frozenset(
    """
    jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov
    november dec december spring summer autumn fall winter early mid late and the of for to x in my
    """.split()
)
"""Words that do so beside another one; alone some of them are people's names."""


def sorts_only(name: str) -> bool:
    """Whether the name of a folder tells nothing of who made what is in it."""
    tokens = _TOKENS.findall(unicodedata.normalize("NFKC", name).casefold())
    if not tokens:
        return all(unicodedata.category(character)[0] in "PZ" for character in name)  # a picture sign may be a name
    certain = [token for token in tokens if token.isdigit() or token in _SORTING]
    return bool(certain) and all(token in _TIMES for token in tokens if token not in certain)
