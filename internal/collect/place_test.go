package collect

import (
	"net/url"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

func TestAddressesOfKnownPlacesLeadToTheirFeeds(t *testing.T) {
	for at, want := range map[string]string{
		"https://arxiv.org/list/cs.CL/recent":                                      "https://rss.arxiv.org/atom/cs.CL",
		"https://arxiv.org/list/cs.LG/pastweek?skip=0&show=50":                     "https://rss.arxiv.org/atom/cs.LG",
		"https://export.arxiv.org/rss/cs.AI":                                       "https://rss.arxiv.org/atom/cs.AI",
		"https://arxiv.org/archive/cs":                                             "https://rss.arxiv.org/atom/cs",
		"https://arxiv.org/a/lecun_y_1":                                            "https://arxiv.org/a/lecun_y_1.atom2",
		"https://hn.algolia.com/?dateRange=all&query=mistral%20ai&type=story":      "https://hnrss.org/newest?q=mistral%20ai",
		"https://hn.algolia.com/?q=llm":                                            "https://hnrss.org/newest?q=llm",
		"https://news.ycombinator.com/":                                            "https://news.ycombinator.com/rss",
		"https://news.ycombinator.com/show":                                        "https://hnrss.org/show",
		"https://news.ycombinator.com/item?id=1":                                   "",
		"https://github.com/ggml-org/llama.cpp":                                    "https://github.com/ggml-org/llama.cpp/releases.atom https://github.com/ggml-org/llama.cpp/tags.atom",
		"https://github.com/vllm-project/vllm/releases/tag/v0.6.0":                 "https://github.com/vllm-project/vllm/releases.atom https://github.com/vllm-project/vllm/tags.atom",
		"https://github.com/vllm-project/vllm.git":                                 "https://github.com/vllm-project/vllm/releases.atom https://github.com/vllm-project/vllm/tags.atom",
		"https://arxiv.org/search/?query=sparse+attention&searchtype=all":          "https://export.arxiv.org/api/query?search_query=all:%22sparse+attention%22&sortBy=submittedDate&sortOrder=descending&max_results=50",
		"https://open.substack.com/pub/importai?r=1":                               "https://importai.substack.com/feed",
		"https://substack.com/@importai":                                           "https://importai.substack.com/feed",
		"https://importai.substack.com/p/import-ai-400":                            "https://importai.substack.com/feed",
		"https://mamot.fr/@a.b":                                                    "https://mamot.fr/@a.b.rss",
		"https://mastodon.social/@LaQuadrature@mamot.fr":                           "https://mamot.fr/@LaQuadrature.rss",
		"https://github.com/openai/whisper/commits/main/":                          "https://github.com/openai/whisper/commits/main.atom",
		"https://github.com/openai/whisper/releases.atom":                          "",
		"https://github.com/openai":                                                "",
		"https://gitlab.com/group/sub/project/-/releases":                          "https://gitlab.com/group/sub/project/-/tags?format=atom",
		"https://www.youtube.com/channel/UCZHmQk67mSJgfCCTn7xBfew/videos":          "https://www.youtube.com/feeds/videos.xml?channel_id=UCZHmQk67mSJgfCCTn7xBfew",
		"https://www.youtube.com/playlist?list=PL5-TkQAfAZFbzxjBHtzdVCWE0Zbhomg7r": "https://www.youtube.com/feeds/videos.xml?playlist_id=PL5-TkQAfAZFbzxjBHtzdVCWE0Zbhomg7r",
		"https://www.youtube.com/@ScienceEtonnante":                                "",
		"https://huggingface.co/blog":                                              "https://huggingface.co/blog/feed.xml",
		"https://www.reddit.com/r/LocalLLaMA/":                                     "https://www.reddit.com/r/LocalLLaMA/.rss",
		"https://old.reddit.com/r/MachineLearning/top":                             "https://www.reddit.com/r/MachineLearning/top/.rss",
		"https://www.reddit.com/r/MachineLearning/search?q=mistral&sort=new":       "https://www.reddit.com/r/MachineLearning/search.rss?q=mistral&sort=new",
		"https://mamot.fr/@LaQuadrature":                                           "https://mamot.fr/@LaQuadrature.rss",
		"https://mastodon.social/tags/llm":                                         "https://mastodon.social/tags/llm.rss",
		"https://bsky.app/profile/hf.co":                                           "https://bsky.app/profile/hf.co/rss",
		"https://importai.substack.com/":                                           "https://importai.substack.com/feed",
		"https://medium.com/@karpathy":                                             "https://medium.com/feed/@karpathy",
		"https://medium.com/airbnb-engineering":                                    "https://medium.com/feed/airbnb-engineering",
		"https://medium.com/tag/llm/latest":                                        "https://medium.com/feed/tag/llm",
		"https://netflixtechblog.medium.com":                                       "https://netflixtechblog.medium.com/feed",
		"https://someone.wordpress.com/":                                           "https://someone.wordpress.com/feed/",
		"https://karpathy.ghost.io":                                                "https://karpathy.ghost.io/rss/",
		"https://news.google.com/search?q=mistral&hl=fr&gl=FR&ceid=FR:fr":          "https://news.google.com/rss/search?q=mistral&hl=fr&gl=FR&ceid=FR:fr",
		"https://stackoverflow.com/questions/tagged/pytorch":                       "https://stackoverflow.com/feeds/tag/pytorch",
		"https://lobste.rs/t/ai":                                                   "https://lobste.rs/t/ai.rss",
		"https://pypi.org/project/transformers/#history":                           "https://pypi.org/rss/project/transformers/releases.xml",
		"https://www.example.org/blog":                                             "",
		"https://example.org/people/@anna":                                         "",
	} {
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		found, name := known(u)
		var got []string
		for _, s := range found {
			got = append(got, s.URL)
			if name == "" || s.Kind != digest.SourceFeed {
				t.Errorf("%s: %+v (%s)", at, s, name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
	papers, _ := url.Parse("https://huggingface.co/papers")
	if s, name := known(papers); len(s) != 1 || s[0].Kind != digest.SourcePage || s[0].Links != "/papers/*" || name != "Hugging Face" {
		t.Errorf("%+v", s)
	}
}
