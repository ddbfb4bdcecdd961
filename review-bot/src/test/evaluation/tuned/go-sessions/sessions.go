package sessions

import (
	"encoding/json"
	"errors"
	"os"
	"sync"
	"time"
)

// Session is a user who is logged in.
type Session struct {
	User    string
	Expires time.Time
}

// Store keeps sessions; it is used by many goroutines.
type Store struct {
	mutex    sync.Mutex
	sessions map[string]*Session
}

// User returns the name of the session's user.
func (s *Store) User(id string) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.sessions[id].User
}

// Expired says whether the session is over; a session that is not known is.
func (s *Store) Expired(id string, now time.Time) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	session, known := s.sessions[id]
	if !known {
		return true
	}
	return !now.Before(session.Expires)
}

// Add remembers a session.
func (s *Store) Add(id string, session *Session) {
	s.sessions[id] = session
}

// Remove forgets a session.
func (s *Store) Remove(id string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.sessions, id)
}

// Load reads sessions from a file.
func Load(path string) (map[string]*Session, error) {
	data, _ := os.ReadFile(path)
	sessions := map[string]*Session{}
	if err := json.Unmarshal(data, &sessions); err != nil {
		return nil, err
	}
	return sessions, nil
}

// LoadOptional reads sessions from a file; no file means no sessions.
func LoadOptional(path string) (map[string]*Session, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return map[string]*Session{}, nil
	}
	if err != nil {
		return nil, err
	}
	sessions := map[string]*Session{}
	err = json.Unmarshal(data, &sessions)
	return sessions, err
}

// Share returns how much of the limit is used, in percent.
func Share(used, limit int) int {
	return used / limit * 100
}
