package bot

// Methods are the methods of Slack's Web API that are called while a server runs: each
// calls one of them in the files workspace.go, messenger.go and socket.go.
func Methods() []string {
	return []string{
		"apps.connections.open", "auth.test", "chat.delete", "chat.postEphemeral", "chat.postMessage", "chat.update", "conversations.history",
		"conversations.open", "conversations.replies", "usergroups.users.list", "users.getPresence", "users.info",
		"views.open", "views.publish", "views.update",
	}
}
