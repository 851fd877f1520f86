package browsertest

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"slices"

	"github.com/chromedp/chromedp"
)

// Screenshot writes a picture of the window as a PNG file of 256 colours: a
// page has few, and the file becomes a third of what it would be.
func (p *Page) Screenshot(path string) {
	p.t.Helper()
	p.still()
	var shot []byte
	p.do("taking a picture", func(ctx context.Context, t *chromedp.Target) (err error) {
		shot, err = chromedp.CaptureScreenshot()(ctx, t)
		return err
	})
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		p.t.Fatalf("reading a picture: %v", err)
	}
	var small bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&small, reduced(picture)); err != nil {
		p.t.Fatalf("writing a picture: %v", err)
	}
	if err := os.WriteFile(path, small.Bytes(), 0o644); err != nil { //nolint:gosec // a picture for everybody
		p.t.Fatalf("writing a picture: %v", err)
	}
}

// reduced is a picture in its 256 most frequent colours; the others become the
// nearest of them.
func reduced(picture image.Image) *image.Paletted {
	box := picture.Bounds()
	often := map[color.Color]int{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			often[picture.At(x, y)]++
		}
	}
	palette := color.Palette(slices.SortedFunc(maps.Keys(often), func(a, b color.Color) int {
		return cmp.Or(often[b]-often[a], cmp.Compare(packed(a), packed(b)))
	}))
	palette = palette[:min(len(palette), 256)]
	nearest := map[color.Color]uint8{}
	for c := range often {
		nearest[c] = uint8(palette.Index(c)) //nolint:gosec // there are 256
	}
	small := image.NewPaletted(box, palette)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			small.SetColorIndex(x, y, nearest[picture.At(x, y)])
		}
	}
	return small
}

// packed is a colour as a number, so that there is an order.
func packed(c color.Color) uint64 {
	r, g, b, a := c.RGBA()
	return uint64(r)<<48 | uint64(g)<<32 | uint64(b)<<16 | uint64(a)
}
