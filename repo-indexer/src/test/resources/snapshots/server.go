// Package till serves a till.
package till

import (
	"context"
	"net/http"
)

const (
	portDefault = 8080
	pathOrders  = "/orders"
)

// Store keeps orders.
type Store interface {
	Load(ctx context.Context, id string) (*Order, error)
}

type Server[T Store] struct {
	store T
	mux   *http.ServeMux
}

// Orders answers with one order.
func (s *Server[T]) Orders(w http.ResponseWriter, r *http.Request) {
	order, err := s.store.Load(r.Context(), r.PathValue("id"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	writeJSON(w, order)
}

func New[T Store](store T) *Server[T] {
	server := &Server[T]{store: store, mux: http.NewServeMux()}
	server.mux.HandleFunc(pathOrders+"/{id}", server.Orders)
	return server
}
