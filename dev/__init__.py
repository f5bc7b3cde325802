"""One command for a newcomer: real servers, all processes in one terminal, and a clean end."""
