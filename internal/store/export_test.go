package store

import (
	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Rows are all row structs; a test finds one that is missing here.
func Rows() []any {
	return []any{
		newsletterRow{}, sourceRow{}, sourceStateRow{}, articleRow{}, constraintRow{}, issueRow{}, editionRow{}, correctionRow{}, placementRow{},
		subscriberRow{}, subscriptionRow{}, deliveryRow{}, editorRow{}, sessionRow{}, secretRow{}, slotRow{},
		visitRow{}, revisionRow{}, fillingRow{}, handRow{}, importRow{}, importLineRow{},
	}
}

// UpsertColumns are what upserts write, by table.
func UpsertColumns() map[string][]string {
	return map[string][]string{
		"newsletters": newsletterColumns, "source_states": sourceStateColumns, "subscriptions": subscriptionColumns,
	}
}

func (s *Store) DB() *gorm.DB { return s.write }

func (s *Store) MigrateTo(t interface{ Fatal(...any) }, version int64) {
	provider, err := s.provider()
	if err == nil {
		_, err = provider.UpTo(s.write.Statement.Context, version)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Due is what a claim chooses from.
func (s *Store) Due(from digest.DeliveryState) string { return s.due(from) }

// Page is the query of Deliveries.
func Page(issueID string, states []digest.DeliveryState, after string, limit int) (query string, args []any) {
	return page(issueID, states, nil, after, limit)
}

const LatestDelivery = latestDelivery

// Forgetting are the statements of Purge about tables that grow, and their indexes.
func Forgetting() map[string]string {
	return map[string]string{forgetReplies: "deliveries_replied", forgetReasons: "subscribers_told", forgetIPs: "subscriptions_from"}
}

func (s *Store) ByIndex(tx *gorm.DB) error { return tx.Exec(s.dialect.byIndex).Error }

// CopiedTables are those that Copy moves.
func CopiedTables() []string { return each(tables, func(t table) string { return t.name }) }

const (
	NewsTime   = newsTime
	FoundSince = foundSince
)
