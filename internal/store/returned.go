package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// returnWindow is how long after a letter went out something that names no
// more than its address may still be about it.
const returnWindow = 10 * 24 * time.Hour

// Returned takes in what came back about a letter and does what follows from
// it, all in one transaction; repeated, it changes nothing more.
//
// The delivery is the one of r.DeliveryID, else the one that had r.MessageID,
// else the latest to r.Address within ten days that went out before r.At. Its
// row keeps the reply, and what counted as sent becomes refused when it did not
// arrive. A failure for which Refusal.Bounces takes the address off every list,
// and so do digest.SoftLimit soft ones with nothing arriving in between. Policy
// never does. A complaint always does, for good.
//
// Neither a token, nor an identifier of ours, nor a signature: then a failure
// counts as a soft one at most, and a complaint or a wish to leave is
// EffectUnproven. Anybody may write a mail that looks like a bounce. A failure
// of another address, to which the reader has their letters brought, counts as
// a soft one too.
func (s *Store) Returned(ctx context.Context, r digest.Returned) (digest.Effect, error) {
	var effect digest.Effect
	err := s.change(ctx, func(tx *gorm.DB) error {
		effect = digest.Effect{Did: digest.EffectNone}
		row, proven, err := s.returnedRow(tx, r)
		if errors.Is(err, gorm.ErrRecordNotFound) {
			if r.Kind == digest.ReturnFailed || r.Kind == digest.ReturnComplained || r.Kind == digest.ReturnLeft {
				effect.Did = digest.EffectUnproven
			}
			return nil
		}
		if err != nil {
			return err
		}
		effect.DeliveryID, effect.SubscriberID, effect.Proven = row.ID, row.SubscriberID, proven
		var reader subscriberRow
		if err := tx.Where("id = ?", row.SubscriberID).Take(&reader).Error; err != nil {
			return err
		}
		effect.Address = reader.Address
		if over, err := s.overtaken(tx, row, r); err != nil || over {
			return err
		}
		switch r.Kind {
		case digest.ReturnFailed:
			itself := r.Address == "" || strings.EqualFold(r.Address, reader.Match)
			effect.Did, err = s.returnFailed(tx, row, r, proven && itself)
		case digest.ReturnComplained:
			effect.Did, err = s.returnComplained(tx, row, r, proven)
		case digest.ReturnLeft:
			effect.Did, err = s.returnLeft(tx, row, proven)
		}
		return err
	})
	return effect, failed(err, "take in what came back of delivery %q", r.DeliveryID)
}

// returnedRow finds the delivery, locked. Proven tells whether nobody but its
// reader, their servers or a trusted relay could have named it. What is about
// an address or a subscription that never got a letter is a row without an ID.
func (s *Store) returnedRow(tx *gorm.DB, r digest.Returned) (row deliveryRow, proven bool, err error) {
	find := func(where string, args ...any) error {
		row = deliveryRow{}
		return tx.Raw(`SELECT * FROM deliveries WHERE `+where+s.dialect.forUpdate, args...).Take(&row).Error
	}
	if r.DeliveryID != "" {
		return row, true, find(`id = ?`, r.DeliveryID)
	}
	var subscriber string
	if r.SubscriptionID != "" {
		var sub subscriptionRow
		if err := tx.Where("id = ?", r.SubscriptionID).Take(&sub).Error; err != nil {
			return row, false, err
		}
		if err = find(latestDelivery+`subscription_id = ?)`, sub.SubscriberID, sub.ID); errors.Is(err, gorm.ErrRecordNotFound) {
			return deliveryRow{SubscriptionID: sub.ID, SubscriberID: sub.SubscriberID}, true, nil
		}
		return row, true, err
	}
	if id := deliveryID.FindString(r.MessageID); id != "" {
		err := find(`id = ? AND message_id = ?`, id, clean(r.MessageID))
		if !errors.Is(err, gorm.ErrRecordNotFound) {
			return row, true, err
		}
	}
	match := strings.ToLower(strings.TrimSpace(r.Address))
	if match == "" {
		return row, false, gorm.ErrRecordNotFound
	}
	if err := tx.Model(&subscriberRow{}).Select("id").Where("match = ?", clean(match)).Take(&subscriber).Error; err != nil {
		return row, false, err
	}
	before := s.now()
	if !r.At.IsZero() {
		before = r.At // a mail that is read again is not about the next letter
	}
	err = find(latestDelivery+`updated > ? AND first_tried < ?)`, subscriber, micros(s.now().Add(-returnWindow)), micros(before.Add(unlikely)))
	if errors.Is(err, gorm.ErrRecordNotFound) && r.Trusted { // of a confirmation mail
		return deliveryRow{SubscriberID: subscriber}, true, nil
	}
	return row, r.Trusted, err
}

// latestDelivery is the last to a subscriber that went out, of those of which
// more holds. It names the subscriber, for whom there is an index: without, the
// whole ledger is read while nobody else writes.
const latestDelivery = `id = (SELECT MAX(id) FROM deliveries WHERE subscriber_id = ? AND state IN ('sent', 'unsure', 'refused') AND `

// deliveryID is what a letter's Message-ID has of its delivery.
var deliveryID = regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// overtaken tells whether what came back is older than somebody's word against
// it: the address was let in again since, or its reader subscribed anew. A
// signed message that was caught and is sent once more, to whichever machine,
// undoes nothing, nor does a mail that is read again. A mailbox's clock may be
// another than ours, and whoever leaves just after they joined does leave.
func (s *Store) overtaken(tx *gorm.DB, row deliveryRow, r digest.Returned) (bool, error) {
	if r.At.IsZero() {
		return false, nil
	}
	at := r.At
	if !r.Trusted {
		at = at.Add(unlikely)
	}
	query, id := `SELECT COUNT(*) FROM subscribers WHERE suppression = '' AND suppressed > ? AND id = ?`, row.SubscriberID
	if r.Kind == digest.ReturnLeft {
		if query, id = `SELECT COUNT(*) FROM subscriptions WHERE confirmed > ? AND id = ?`, row.SubscriptionID; id == "" {
			query, id = `SELECT COUNT(*) FROM subscriptions WHERE confirmed > ? AND subscriber_id = ?`, row.SubscriberID
		}
	}
	var n int64
	err := tx.Raw(query, micros(at), id).Scan(&n).Error
	return n > 0, err
}

// returnFailed writes the reply into the row and decides on the address. Only
// a row that nothing more happens to by itself is changed: what is still being
// tried will be told by its own server.
func (s *Store) returnFailed(tx *gorm.DB, row deliveryRow, r digest.Returned, proven bool) (digest.EffectKind, error) {
	gone := r.Refusal.Bounces() && proven
	if row.ID != "" {
		state := digest.DeliveryState(row.State)
		if !state.Final() || state == digest.Refused && row.Code != 0 && !gone {
			return digest.EffectNone, nil
		}
		code, enhanced := r.Refusal.Code, r.Refusal.Enhanced
		if r.Refusal.Bounces() && !proven {
			code, enhanced = 450, "4.1.1" // counts as a soft one
		}
		err := tx.Exec(`UPDATE deliveries SET state = 'refused', code = ?, enhanced = ?, updated = ?,
				reply = CASE WHEN EXISTS (SELECT 1 FROM subscribers r WHERE r.id = deliveries.subscriber_id AND r.suppression = 'erased')
					THEN '' ELSE ? END
			WHERE id = ?`, code, clean(enhanced), micros(s.now()), clean(r.Refusal.Text), row.ID).Error
		if err != nil {
			return "", err
		}
	}
	var err error
	if !gone {
		if gone, err = s.missedTooOften(tx, row.SubscriberID); err != nil || !gone {
			return digest.EffectNoted, err
		}
	}
	done, err := s.suppressOnce(tx, row.SubscriberID, digest.Bounced, r.Refusal.Error())
	if err == nil && !done {
		return digest.EffectNone, nil
	}
	return digest.EffectBounced, err
}

// missedTooOften tells whether the last digest.SoftLimit letters to somebody
// whose fate says anything were all refused for soft reasons. It is read from
// the ledger, not counted along: a server's word may come days later, and
// after the next letter was sent. What was before a suppression was lifted is
// forgiven.
func (s *Store) missedTooOften(tx *gorm.DB, subscriberID string) (bool, error) {
	var rows []deliveryRow
	err := tx.Where(`subscriber_id = ? AND state IN ('sent', 'refused')
			AND updated > (SELECT CASE suppression WHEN '' THEN suppressed ELSE 0 END FROM subscribers WHERE id = ?)`, subscriberID, subscriberID).
		Order("id DESC").Limit(20).Find(&rows).Error
	missed := 0
	for _, row := range rows {
		refusal := digest.Refusal{Permanent: permanent(row), Code: row.Code, Enhanced: row.Enhanced, Text: row.Reply}
		switch {
		case row.State == string(digest.Delivered):
			return false, err
		case row.Attempts == 0 && row.FirstTried > 0: // given up untried, for what its domain said to others
		case refusal.Soft():
			if missed++; missed == digest.SoftLimit {
				return true, err
			}
		}
	}
	return false, err
}

func permanent(row deliveryRow) bool {
	if row.Enhanced != "" {
		return row.Enhanced[0] == '5'
	}
	return row.Code >= 500
}

// countMissed suppresses who missed too many letters, of those whose
// deliveries were just refused.
func (s *Store) countMissed(tx *gorm.DB, refused []digest.Delivery) error {
	for _, d := range refused {
		soft := digest.Refusal{Permanent: d.Code >= 500, Code: d.Code, Enhanced: d.Enhanced, Text: d.Reply}.Soft()
		if d.State != digest.Refused || d.Attempts == 0 || !soft {
			continue
		}
		gone, err := s.missedTooOften(tx, d.SubscriberID)
		if err == nil && gone {
			_, err = s.suppressOnce(tx, d.SubscriberID, digest.Bounced, fmt.Sprintf("%d %s %s", d.Code, d.Enhanced, d.Reply))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// returnComplained suppresses at once; a complaint outweighs a bounce.
func (s *Store) returnComplained(tx *gorm.DB, row deliveryRow, r digest.Returned, proven bool) (digest.EffectKind, error) {
	if !proven {
		return digest.EffectUnproven, nil
	}
	if row.ID != "" {
		if err := tx.Exec(`UPDATE deliveries SET reply = ? WHERE id = ? AND state = 'sent'`,
			clean(strings.TrimSpace(string(digest.Complained)+" "+r.Refusal.Text)), row.ID).Error; err != nil {
			return "", err
		}
	}
	result := tx.Exec(`UPDATE subscribers SET suppression = 'complained', suppressed = ?, suppression_text = ?
		WHERE id = ? AND suppression NOT IN ('complained', 'erased')`, micros(s.now()), clean(r.Refusal.Text), row.SubscriberID)
	if result.Error == nil && result.RowsAffected == 0 {
		return digest.EffectNone, nil
	}
	return digest.EffectComplained, result.Error
}

// returnLeft ends the subscription that the letter belongs to; whoever leaves
// through a relay that names no letter leaves every list.
func (s *Store) returnLeft(tx *gorm.DB, row deliveryRow, proven bool) (digest.EffectKind, error) {
	if !proven {
		return digest.EffectUnproven, nil
	}
	where, arg := "id = ?", row.SubscriptionID
	if arg == "" {
		where, arg = "subscriber_id = ?", row.SubscriberID
	}
	result := tx.Exec(`UPDATE subscriptions SET state = 'unsubscribed', ended = ? WHERE `+where+` AND state <> 'unsubscribed'`,
		micros(s.now()), arg)
	if result.Error == nil && result.RowsAffected == 0 {
		return digest.EffectNone, nil
	}
	return digest.EffectLeft, result.Error
}

// suppressOnce writes why an address gets nothing more, unless something did
// before; false: it did.
func (s *Store) suppressOnce(tx *gorm.DB, subscriberID string, kind digest.SuppressionKind, text string) (bool, error) {
	result := tx.Exec(`UPDATE subscribers SET suppression = ?, suppressed = ?, suppression_text = ? WHERE id = ? AND suppression = ''`,
		string(kind), micros(s.now()), clean(text), subscriberID)
	return result.RowsAffected > 0, result.Error
}
