# tests/peers
