package uploads

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Upload is a file that somebody sent.
type Upload struct {
	Name  string
	Owner string
	Bytes int64
}

// Quota says how much an owner may store.
type Quota struct {
	BytesMax int64
}

// Digest returns the SHA-256 of a file in hexadecimal.
func Digest(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// CountLines returns the number of lines of a file.
func CountLines(path string) (int, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	count := 0
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		count++
	}
	return count, scanner.Err()
}

// Left returns how many bytes an owner may still store.
func Left(quotas map[string]*Quota, owner string, used int64) int64 {
	return quotas[owner].BytesMax - used
}

// Limit returns an owner's quota, or the default where there is none.
func Limit(quotas map[string]*Quota, owner string, fallback int64) int64 {
	if quota, known := quotas[owner]; known {
		return quota.BytesMax
	}
	return fallback
}

// AverageBytes returns the average size of the uploads.
func AverageBytes(uploads []Upload) int64 {
	var sum int64
	for _, upload := range uploads {
		sum += upload.Bytes
	}
	return sum / int64(len(uploads))
}

// Largest returns the largest uploads, the largest first, without changing the slice that is passed.
func Largest(uploads []Upload, count int) []Upload {
	sorted := append([]Upload(nil), uploads...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Bytes > sorted[j].Bytes })
	if count > len(sorted) {
		count = len(sorted)
	}
	return sorted[:count]
}

// Newest returns the last upload of the slice.
func Newest(uploads []Upload) Upload {
	return uploads[len(uploads)-1]
}

// Extension returns the file name's ending without the dot; empty where there is none.
func Extension(name string) string {
	return strings.TrimPrefix(filepath.Ext(name), ".")
}

// Remove deletes an upload's file.
func Remove(directory string, upload Upload) {
	os.Remove(filepath.Join(directory, upload.Name))
}

// Rename gives a file a new name.
func Rename(directory, from, to string) error {
	if err := os.Rename(filepath.Join(directory, from), filepath.Join(directory, to)); err != nil {
		return fmt.Errorf("rename %s to %s: %w", from, to, err)
	}
	return nil
}
