package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"hebdo/internal/digest"
)

type newsletterRow struct {
	Slug          string `gorm:"primaryKey"`
	Name          string
	Description   string
	Topic         string
	Publisher     string
	PostalAddress string
	PrivacyURL    string
	Sender        string
	ReplyTo       string
	Editor        string
	Languages     []digest.Language `gorm:"serializer:json;not null"`
	Zone          string
	DraftAt       string
	SendAt        string
	FirstWindow   int64
	Themes        []themeJSON `gorm:"serializer:json;not null"`
	BudgetThemes  int
	BudgetStories int
	BudgetWords   int
	BudgetQuote   int
	ReviewMode    string
	ReviewAfter   int64
	MinStories    int
	RankSources, RankFreshness, RankProminence,
	RankNovelty, RankLength, RankWeight float64
}

func (newsletterRow) TableName() string { return "newsletters" }

// newsletterColumns are those that a repeated SaveNewsletter writes.
var newsletterColumns = []string{
	"name", "description", "topic", "publisher", "postal_address", "privacy_url", "sender", "reply_to", "editor",
	"languages", "zone", "draft_at", "send_at", "first_window", "themes", "budget_themes", "budget_stories",
	"budget_words", "budget_quote", "review_mode", "review_after", "min_stories",
	"rank_sources", "rank_freshness", "rank_prominence", "rank_novelty", "rank_length", "rank_weight",
}

// SaveNewsletter inserts or replaces a newsletter's description by its slug,
// sources included. A source known by newsletter, kind and URL keeps its ID
// and what is remembered of it; one that is no longer named is kept with its
// articles, but marked removed, until it is named again.
func (s *Store) SaveNewsletter(ctx context.Context, n digest.Newsletter) error {
	row := newsletterOf(n)
	err := s.change(ctx, func(tx *gorm.DB) error {
		if err := tx.Clauses(onConflict([]string{"slug"}, newsletterColumns...)).Create(&row).Error; err != nil {
			return err
		}
		return s.saveSources(tx, n.Slug, n.Sources)
	})
	return failed(err, "keep newsletter %s", n.Slug)
}

// Newsletter finds one by its slug, or fails with digest.ErrNotFound.
func (s *Store) Newsletter(ctx context.Context, slug string) (digest.Newsletter, error) {
	var row newsletterRow
	if err := s.reader(ctx).Where("slug = ?", slug).Take(&row).Error; err != nil {
		return digest.Newsletter{}, failed(err, "newsletter %s", slug)
	}
	n := row.newsletter()
	var err error
	n.Sources, err = s.Sources(ctx, slug)
	return n, err
}

// Newsletters lists all by slug.
func (s *Store) Newsletters(ctx context.Context) ([]digest.Newsletter, error) {
	var rows []newsletterRow
	if err := s.reader(ctx).Order("slug").Find(&rows).Error; err != nil {
		return nil, failed(err, "list newsletters")
	}
	var sources []sourceRow
	if err := s.reader(ctx).Where("removed = 0").Order("newsletter, position").Find(&sources).Error; err != nil {
		return nil, failed(err, "list sources")
	}
	out := each(rows, newsletterRow.newsletter)
	for i := range out {
		for _, row := range sources {
			if row.Newsletter == out[i].Slug {
				out[i].Sources = append(out[i].Sources, row.source())
			}
		}
	}
	return out, nil
}

func newsletterOf(n digest.Newsletter) newsletterRow {
	return newsletterRow{
		Slug: n.Slug, Name: n.Name, Description: n.Description, Topic: string(n.Topic), Publisher: n.Publisher,
		PostalAddress: n.PostalAddress, PrivacyURL: n.PrivacyURL, Sender: n.Sender, ReplyTo: n.ReplyTo,
		Editor: n.Editor, Languages: n.Languages, Zone: n.Zone, DraftAt: n.DraftAt, SendAt: n.SendAt,
		FirstWindow: n.Window.Microseconds(), Themes: each(n.Themes, themeToJSON),
		BudgetThemes: n.Budget.Themes, BudgetStories: n.Budget.StoriesPerTheme,
		BudgetWords: n.Budget.WordsPerStory, BudgetQuote: n.Budget.QuoteWords,
		ReviewMode: string(n.Review.Mode), ReviewAfter: n.Review.After.Microseconds(), MinStories: n.MinStories,
		RankSources: n.Rank.Sources, RankFreshness: n.Rank.Freshness, RankProminence: n.Rank.Prominence,
		RankNovelty: n.Rank.Novelty, RankLength: n.Rank.Length, RankWeight: n.Rank.Weight,
	}
}

func (r newsletterRow) newsletter() digest.Newsletter {
	return digest.Newsletter{
		Slug: r.Slug, Name: r.Name, Description: r.Description, Topic: digest.Topic(r.Topic), Publisher: r.Publisher,
		PostalAddress: r.PostalAddress, PrivacyURL: r.PrivacyURL, Sender: r.Sender, ReplyTo: r.ReplyTo,
		Editor: r.Editor, Languages: r.Languages, Zone: r.Zone, DraftAt: r.DraftAt, SendAt: r.SendAt,
		Window: span(r.FirstWindow), Themes: each(r.Themes, themeJSON.theme),
		Budget: digest.Budget{
			Themes: r.BudgetThemes, StoriesPerTheme: r.BudgetStories,
			WordsPerStory: r.BudgetWords, QuoteWords: r.BudgetQuote,
		},
		Review:     digest.Review{Mode: digest.ReviewMode(r.ReviewMode), After: span(r.ReviewAfter)},
		MinStories: r.MinStories,
		Rank: digest.Weights{
			Sources: r.RankSources, Freshness: r.RankFreshness, Prominence: r.RankProminence,
			Novelty: r.RankNovelty, Length: r.RankLength, Weight: r.RankWeight,
		},
	}
}

// lockNewsletter makes every change of one newsletter's issues wait for the
// one before. It does not hinder rows that only refer to the newsletter.
func lockNewsletter(tx *gorm.DB, where string, args ...any) error {
	var slug string
	return tx.Model(&newsletterRow{}).Select("slug").
		Clauses(clause.Locking{Strength: "NO KEY UPDATE"}). // left out on SQLite, which locked everything already
		Where(where, args...).Take(&slug).Error
}
