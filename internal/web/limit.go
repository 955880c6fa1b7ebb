package web

import (
	"crypto/sha256"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter lets each key act burst times at once and then once every so often.
// It remembers a bounded number of keys: when full it forgets those that have
// rested long enough, else the one seen longest ago. It keeps their hashes: a
// key is of any length, and may hold on to the form that it was read from.
type limiter struct {
	burst int
	every time.Duration
	most  int

	mu   sync.Mutex
	keys map[keyHash]*visitor
}

type keyHash [sha256.Size]byte

func hashed(key string) keyHash { return sha256.Sum256([]byte(key)) }

type visitor struct {
	bucket *rate.Limiter
	last   time.Time
}

func newLimiter(burst int, every time.Duration) *limiter {
	return &limiter{burst: burst, every: every, most: 10_000, keys: map[keyHash]*visitor{}}
}

// allow counts one act of key, unless it is one too many.
func (l *limiter) allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	hash := hashed(key)
	v := l.keys[hash]
	if v == nil {
		if len(l.keys) >= l.most {
			l.forget(now)
		}
		v = &visitor{bucket: rate.NewLimiter(rate.Every(l.every), l.burst)}
		l.keys[hash] = v
	}
	v.last = now
	return v.bucket.AllowN(now, 1)
}

// pardon forgets what key did.
func (l *limiter) pardon(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.keys, hashed(key))
}

func (l *limiter) forget(now time.Time) {
	rested := time.Duration(l.burst) * l.every
	var oldest keyHash
	var since time.Time // of the oldest; zero: there is none yet
	for key, v := range l.keys {
		if now.Sub(v.last) >= rested {
			delete(l.keys, key)
		} else if since.IsZero() || v.last.Before(since) {
			oldest, since = key, v.last
		}
	}
	if len(l.keys) >= l.most {
		delete(l.keys, oldest)
	}
}
