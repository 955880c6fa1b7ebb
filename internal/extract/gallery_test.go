package extract

import (
	"fmt"
	"strings"
	"testing"
)

func TestAGalleryWithinAnArticleGoes(t *testing.T) {
	var captions strings.Builder
	for i := range 12 {
		fmt.Fprintf(&captions, "%d/12 Un autre port, vu du ciel, et ce qu’il s’y passe. ", i+1)
	}
	blocks := []block{
		{text: story[0]}, {kind: heading, text: "La semaine en images"}, {kind: heading, text: "La semaine en images"}, {text: captions.String()},
		{text: "3/28 photos © Maël Quéré"}, {text: story[1]},
		{text: "Le dosage est de 1/2 ou de 2/3 selon la marée, et de 3/4 l’hiver."}, {text: "9 of 28 pictures that were shown had been altered."},
	}
	got, _ := tidy(blocks, about{})
	if text := join(got); len(got) != 4 || strings.Contains(text, "images") || strings.Contains(text, "ciel") || strings.Contains(text, "photos") {
		t.Errorf("%s", text)
	}
}
