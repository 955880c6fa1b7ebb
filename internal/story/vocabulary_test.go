package story_test

import (
	"context"
	"testing"
	"testing/fstest"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

func twins() []digest.Article {
	return []digest.Article{
		{ID: "fr", Key: "fr", Language: "fr", Kind: digest.KindArticle, Text: "Zorvex dévoile la frimousse, un gadget de poche vendu par la firme Taldor aux marins bretons."},
		{ID: "en", Key: "en", Language: "en", Kind: digest.KindArticle, Text: "The gizmo for sailors of Brittany arrives: ZV Corp shows its littleface for the harbour trade."},
	}
}

func TestAFolderExtendsWhatIsKnown(t *testing.T) {
	if s := story.Cluster(twins(), nil, story.Options{}); len(s) != 2 {
		t.Fatalf("without the folder: %d stories", len(s))
	}
	v, err := story.Extend(fstest.MapFS{
		"lexicon.txt": {Data: []byte("# ours\nfrimousse = littleface\ngadget = gizmo\nmarins = sailors\nbreton = brittany\n")},
		"names.txt":   {Data: []byte("Zorvex < Taldor: zv corp\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := story.Cluster(twins(), nil, story.Options{Vocabulary: v})
	if len(s) != 1 || len(s[0].Why) != 1 || len(s[0].Why[0].Shared) == 0 {
		t.Errorf("with the folder: %+v", s)
	}
}

func TestAFolderThatCannotBeReadNamesTheLine(t *testing.T) {
	for name, text := range map[string]string{"lexicon.txt": "chat cat", "names.txt": "Zorvex"} {
		if _, err := story.Extend(fstest.MapFS{name: {Data: []byte(text)}}); err == nil {
			t.Errorf("%s with %q passes", name, text)
		}
	}
}

// vectors embeds every text as the same thing.
type vectors struct{}

func (vectors) Embed(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i := range out {
		out[i] = []float32{3, 4}
	}
	return out, nil
}

func TestEmbeddingsRaiseTheScoreOfWhatWordsHaveFound(t *testing.T) {
	in := articles(week(t))
	of := byArticle(story.Cluster(in, nil, story.Options{}))
	v, err := story.Embed(t.Context(), vectors{}, in)
	if err != nil {
		t.Fatal(err)
	}
	with := byArticle(story.Cluster(in, nil, story.Options{Vectors: v}))
	if a, b := of["fund-en"].Why[0].Score, with["fund-en"].Why[0].Score; b <= a {
		t.Errorf("score %.2f without, %.2f with embeddings that agree", a, b)
	}
}
