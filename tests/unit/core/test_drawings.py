"""What editors export as a logo is taken, and whatever could act, load or never end is refused with its line."""

from __future__ import annotations

from everyfamily.core.partnership.drawings import fault_of_drawing
from tests.factories.each import each
from tests.repo.files import ROOT, repository_files

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'

# Written by hand, as these editors write: plain and optimised Inkscape, Illustrator's two ways, Figma, a tracer.
INKSCAPE_PLAIN = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape (http://www.inkscape.org/) -->

<svg
   width="210mm"
   height="40mm"
   viewBox="0 0 210 40"
   version="1.1"
   id="svg5"
   xml:space="preserve"
   xmlns:xlink="http://www.w3.org/1999/xlink"
   xmlns="http://www.w3.org/2000/svg"
   xmlns:svg="http://www.w3.org/2000/svg"><defs
     id="defs2"><linearGradient
       id="linearGradient917"><stop
         style="stop-color:#17535a;stop-opacity:1;"
         offset="0"
         id="stop913" /></linearGradient><linearGradient
       xlink:href="#linearGradient917"
       id="linearGradient919"
       gradientUnits="userSpaceOnUse"
       gradientTransform="matrix(0.26458333,0,0,0.26458333,-1.2e-5,0)"
       x1="1" y1="2" x2="3" y2="4" /></defs><g
     id="layer1"
     transform="translate(-31.2,-4.5)"><path
       style="fill:url(#linearGradient919);fill-opacity:1;stroke:none;stroke-width:0.264583;-inkscape-stroke:none"
       d="m 10,10 c 1.5,-2 3,4 5e-4,6 z"
       id="path31" /><text
       xml:space="preserve"
       style="font-size:10.5833px;line-height:1.25;font-family:Arial;-inkscape-font-specification:'Arial, Bold'"
       x="5" y="9"
       id="text9"><tspan
         id="tspan7"
         x="5" y="9">Eastmere</tspan></text></g></svg>
"""
ILLUSTRATOR_EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<svg id="Layer_1" data-name="Layer 1" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
viewBox="0 0 141.73 56.69">
  <defs>
    <style>
      .cls-1{fill:#123}.cls-2, .cls-3 { fill: none; stroke: #1f2f36; stroke-miterlimit: 10; }
      .cls-4 { clip-path: url(#clippath); }
    </style>
    <clipPath id="clippath"><rect class="cls-2" x=".5" width="140" height="56"/></clipPath>
    <symbol id="star" data-name="New Symbol" viewBox="0 0 9 9"><path class="cls-1" d="M4,0l5,9H0Z"/></symbol>
  </defs>
  <g class="cls-4"><path class="cls-1" d="M12.5,3.2c0,1.1-.9,2-2,2Z"/><use width="9" height="9" xlink:href="#star"/></g>
</svg>
"""
ILLUSTRATOR_OLD = """<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 27.5.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<svg version="1.1" id="Layer_1" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
x="0px" y="0px" viewBox="0 0 200 80" style="enable-background:new 0 0 200 80;" enable-background="new 0 0 200 80" \
xml:space="preserve">
<style type="text/css">
\t.st0{clip-path:url(#SVGID_2_);fill-rule:evenodd;clip-rule:evenodd;fill:#FFFFFF;}
\t.st1{font-family:'MyriadPro-Regular';}
</style>
<g><defs><rect id="SVGID_1_" width="200" height="80"/></defs>
<clipPath id="SVGID_2_"><use xlink:href="#SVGID_1_"  style="overflow:visible;"/></clipPath>
<path class="st0" d="M10,20.5c-3.3,0-6-2.7-6-6"/></g>
<text transform="matrix(1 0 0 1 20 40)" class="st1">Police</text>
</svg>
"""
FIGMA = """<svg width="64" height="64" viewBox="0 0 64 64" fill="none" xmlns="http://www.w3.org/2000/svg">
<g clip-path="url(#clip0_1_2)">
<mask id="mask0_1_2" style="mask-type:alpha" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64">
<rect width="64" height="64" fill="#D9D9D9"/>
</mask>
<g mask="url(#mask0_1_2)">
<path fill-rule="evenodd" clip-rule="evenodd" d="M18 31A14 14 0 0 1 46 31Z" fill="url(#paint0_radial)"/>
</g>
</g>
<defs>
<radialGradient id="paint0_radial" cx="0" cy="0" r="1" gradientUnits="userSpaceOnUse" \
gradientTransform="translate(32 32) rotate(90) scale(32)">
<stop stop-color="white"/>
<stop offset="1" stop-color="#17535A" stop-opacity="0.5"/>
</radialGradient>
<clipPath id="clip0_1_2"><rect width="64" height="64" fill="white" transform="translate(0.5)"/></clipPath>
</defs>
</svg>
"""
COREL = f"""{OPEN}
 <title>Eastmere</title><desc>A sun over the mere</desc>
 <defs>
  <style type="text/css">
   <![CDATA[
    .str0 {{stroke:#2B2A29;stroke-width:7.62}} /* the line */
    .fil0 {{fill:#E31E24}}
   ]]>
  </style>
 </defs>
 <g id="Layer_x0020_1" aria-label="Sun" role="img"><polygon class="fil0 str0" points="1,1 2,2 3,1 "/></g>
</svg>"""
TRACED = f"""{OPEN}<g transform="translate(0.000000,92.000000) scale(0.100000,-0.100000)" fill="#000000" stroke="none">
<path d="M100 240 c-3 -27 20 -80 40 -80 z"/></g></svg>"""


@each("svg", [INKSCAPE_PLAIN, ILLUSTRATOR_EXPORT, ILLUSTRATOR_OLD, FIGMA, COREL, TRACED])
def test_what_editors_export_is_taken(svg: str) -> None:
    assert fault_of_drawing(svg) is None


def test_every_drawing_in_the_repository_is_taken() -> None:
    drawings = [path for path in repository_files() if path.suffix == ".svg"]
    assert len(drawings) > 40
    assert {
        str(path.relative_to(ROOT)): fault
        for path in drawings
        if (fault := fault_of_drawing(path.read_text(encoding="utf-8")))
    } == {}


@each(
    "inside, fact",
    [
        # The five that the old list of words let through.
        ('<g onload="x"/>', 'has the attribute "onload" in "<g>"'),
        ('<use xlink:href ="https://example.com/a.svg#b"/>', 'has a link, "href" in "<use>"'),
        ('<s:script xmlns:s="http://www.w3.org/2000/svg"/>', 'holds "<script>"'),
        ('<style>@import "https://example.com/a.css";</style>', 'more than colours and widths, "@import"'),
        ('<path fill="url(&quot;https://example.com/a&quot;)"/>', 'a colour, a number or a word in "fill"'),
        # And others.
        ("<script>1</script>", 'holds "<script>"'),
        ('<a href="#x"/>', 'holds "<a>"'),
        ('<image href="#x"/>', 'holds "<image>"'),
        ("<foreignObject/>", 'holds "<foreignObject>"'),
        ('<animate attributeName="href"/>', 'holds "<animate>"'),
        ("<set/>", 'holds "<set>"'),
        ("<filter/>", 'holds "<filter>"'),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>', 'holds "<script>"'),
        ('<path href="#x"/>', 'has a link, "href" in "<path>"'),
        ('<use href="data:image/svg+xml,x"/>', 'has a link, "href" in "<use>"'),
        ('<g xml:base="https://example.com/"/>', 'has the attribute "base"'),
        ("<?xml-stylesheet href='a.css'?>", 'holds "<?xml-stylesheet"'),
        ("<g style='fill:url(//example.com/a)'/>", 'has more than a colour, a number or a word in "fill"'),
        ("<g style='fill:u\\72l(x)'/>", 'has more than a colour'),
        ("<g style='fill:ur/**/l(x)'/>", 'has more than a colour'),
        ("<g style='width:expression(1)'/>", 'has more than a colour'),
        ("<g style='behavior:none'/>", 'has a style that is more than colours and widths, "behavior"'),
        ("<g style='-moz-binding:none'/>", 'has a style that is more'),
        ("<g style='fill:image-set(\"a\" 1x)'/>", 'has more than a colour'),
        ("<g style='fill'/>", 'has a style that is more than colours and widths, "fill"'),
        ("<style>.a{fill:url(http:a)}</style>", 'has more than a colour'),
        ("<style>.a{fill:red}<!-- -->@font-face{src:url(a)}</style>", 'widths, "@font-face'),
        ("<style>.a{fill:red</style>", 'has a style that is more'),
        ("<metadata/>", 'holds "<metadata>", notes of the program that drew it'),
        ('<n:namedview xmlns:n="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"/>', 'holds "<namedview>", n'),
        ('<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:label="/home/ada"/>', 'has the attribute "label"'),
        ('<g id="a"><use href="#a"/></g>', 'has a part "a" that is inside itself'),
        ('<g id="a" mask="url(#b)"/><mask id="b"><use href="#a"/></mask>', 'that is inside itself'),
        ("<g>" * 70 + "</g>" * 70, "has too many parts"),
        ("<g/>" * 60_000, "has too many parts"),
        ('<g', "is damaged or cut off"),
        ("<path fill='&b;'/>", "is damaged or cut off"),
    ],
)  # fmt: skip
def test_what_is_no_plain_drawing_is_refused_with_its_line(inside: str, fact: str) -> None:
    fault = fault_of_drawing(f"{OPEN}\n\n{inside}</svg>")
    assert fault is not None
    assert fact in fault.fact
    assert fault.fix.endswith(".")
    assert fault.line == 3 or "inside itself" in fact


def test_copies_of_copies_are_counted_before_anything_draws_them() -> None:
    copies = "".join(f'<g id="g{n}">{f"<use href='#g{n - 1}'/>" * 10}</g>' for n in range(1, 30))
    fault = fault_of_drawing(f'{OPEN}<path id="g0"/>{copies}</svg>')
    assert fault is not None and fault.fact == "copies its parts too often"
    twice = f'{OPEN}<g id="a">{"<g/>" * 9_000}</g><g id="a"/>{"<use href='#a'/>" * 9}</svg>'
    assert fault_of_drawing(twice) is not None


@each(
    "svg, fact",
    [
        ("", "is not an SVG"),
        ("GIF89a", "is not an SVG"),
        ("<html/>", "is not an SVG"),
        ('<svg xmlns="http://www.w3.org/1999/xhtml"/>', "is not an SVG"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "has a DOCTYPE"),
        ('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://example.com/svg11.dtd"><svg/>', "has a DOCTYPE"),
        ('<?xml version="1.0" encoding="utf-7"?><svg/>', 'says that it is in "utf-7"'),
        ("<?xml-stylesheet href='a'?><svg/>", "holds"),
        ("<svg/><svg/>", "is damaged or cut off"),
    ],
)  # fmt: skip
def test_what_is_no_svg_or_begins_as_none_should_is_refused(svg: str, fact: str) -> None:
    fault = fault_of_drawing(svg)
    assert fault is not None and fault.fact.startswith(fact)
