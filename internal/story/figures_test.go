package story

import "testing"

func TestOnlyNumbersThatSaySomethingAreFigures(t *testing.T) {
	for key, want := range map[string]float64{"~40000000": 40e6, "~300": 300, "~4.5": 4.5, "~8%": -8, "~2150": 2150} {
		if got, ok := valued(key); !ok || got != want {
			t.Errorf("%s is %v, %v; want %v", key, got, ok, want)
		}
	}
	for _, key := range []string{"~3", "~31", "~2026", "=euro", "@orion 4", "~"} {
		if got, ok := valued(key); ok {
			t.Errorf("%s is the figure %v", key, got)
		}
	}
}

func TestFiguresLowerOrRaiseTheSimilarity(t *testing.T) {
	begin := func(values ...float64) (out []figure) {
		for _, v := range values {
			out = append(out, figure{v, 2})
		}
		return out
	}
	later := figure{value: 12e6}
	for _, c := range []struct {
		name string
		a, b []figure
		want float64
	}{
		{"none of the same", begin(40e6), begin(10e6), otherwise},
		{"the same", begin(40e6), begin(40e6), likewise},
		{"the same, rounded", begin(140e6), begin(141e6), likewise},
		{"a share is no count", begin(-15), begin(15.2), otherwise},
		{"one begins without", begin(40e6), []figure{later}, 1},
		{"none at all", nil, nil, 1},
		{"named further on", begin(12e6), append([]figure{later}, begin(40e6)...), likewise},
	} {
		if got := figured(c.a, c.b); got != c.want {
			t.Errorf("%s: %.3f, want %.3f", c.name, got, c.want)
		}
		if got := figured(c.b, c.a); got != c.want {
			t.Errorf("%s, the other way round: %.3f, want %.3f", c.name, got, c.want)
		}
	}
}
