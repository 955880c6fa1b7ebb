package text

import "strings"

// number reads the number that begins at s[i]: where it ends, and its plain value.
// A group of exactly three digits after a space, comma or dot is thousands
// when the part before has at most three digits; another comma or dot followed
// by digits is the decimal sign.
func number(s string, i int) (end int, value string) {
	start := i
	i = digits(s, i)
	whole := s[start:i]
	decimal := ""
	grouped := len(whole) <= 3 && whole[0] != '0'
	for i < len(s) {
		sep := separator(s[i:])
		if sep == 0 {
			break
		}
		to := digits(s, i+sep)
		n := to - i - sep
		if n == 0 {
			break
		}
		// A further letter means a code such as 4.5b or 750-10a, not a thousand.
		if grouped && n == 3 {
			whole += s[i+sep : to]
			i = to
			continue
		}
		if s[i] == '.' || s[i] == ',' {
			decimal = s[i+sep : to]
			i = to
		}
		break
	}
	value = strings.TrimLeft(whole, "0")
	if value == "" {
		value = "0"
	}
	if decimal = strings.TrimRight(decimal, "0"); decimal != "" {
		value += "." + decimal
	}
	return i, value
}

func digits(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// separator gives the length of what may part groups of digits: dot, comma,
// space, no-break space, narrow no-break space, thin space, apostrophe.
func separator(s string) int {
	switch {
	case s[0] == '.' || s[0] == ',' || s[0] == ' ' || s[0] == '\'':
		return 1
	case strings.HasPrefix(s, "\u00a0"):
		return 2
	case strings.HasPrefix(s, "\u202f"), strings.HasPrefix(s, "\u2009"), strings.HasPrefix(s, "’"):
		return 3
	}
	return 0
}
