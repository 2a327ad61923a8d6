// Does what CAPABILITIES names, by azservicebus, and prints one line of JSON for each: {"id", "error"?}.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus"
	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus/admin"
	"github.com/coder/websocket"
)

type world struct {
	ctx        context.Context
	client     *azservicebus.Client
	web        string
	credential azcore.TokenCredential
	https      *http.Client
}

func main() {
	w, err := connect()
	if err != nil {
		log.Fatal(err)
	}
	steps := []struct {
		id  string
		run func() error
	}{
		{"send", w.send},
		{"settle", w.settle},
		{"dead-letters", w.deadLetters},
		{"receive-and-delete", w.receiveAndDelete},
		{"renew", w.renew},
		{"peek", w.peek},
		{"schedule", w.schedule},
		{"sessions", w.sessions},
		{"topics", w.topics},
		{"not-found", w.notFound},
		{"too-large", w.tooLarge},
		{"forwarding", w.forwarding},
		{"administration", w.administration},
		{"web-socket", w.webSocket},
	}
	for _, step := range steps {
		report := map[string]string{"id": step.id}
		if err := step.run(); err != nil {
			report["error"] = err.Error()
		}
		line, _ := json.Marshal(report)
		fmt.Println(string(line))
	}
	w.client.Close(w.ctx)
}

func connect() (*world, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	_ = cancel
	authority, err := os.ReadFile(os.Getenv("CA_FILE"))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	credential, err := azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{
		ID: azidentity.ClientID(os.Getenv("AZURE_CLIENT_ID")),
	})
	if err != nil {
		return nil, err
	}
	client, err := azservicebus.NewClient(os.Getenv("SERVICE_BUS_HOST"), credential, &azservicebus.ClientOptions{
		CustomEndpoint: strings.TrimPrefix(os.Getenv("SERVICE_BUS_ADDRESS"), "sb://"),
		TLSConfig:      &tls.Config{RootCAs: roots},
		RetryOptions:   azservicebus.RetryOptions{MaxRetries: -1},
	})
	if err != nil {
		return nil, err
	}
	web, err := url.Parse(os.Getenv("SERVICE_BUS_WEB"))
	if err != nil {
		return nil, err
	}
	https := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	return &world{ctx, client, web.Host, credential, https}, nil
}

func (w *world) put(entity string, messages ...*azservicebus.Message) error {
	sender, err := w.client.NewSender(entity, nil)
	if err != nil {
		return err
	}
	defer sender.Close(w.ctx)
	for _, message := range messages {
		if err := sender.SendMessage(w.ctx, message, nil); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) receiver(options *azservicebus.ReceiverOptions) (*azservicebus.Receiver, error) {
	return w.client.NewReceiverForQueue("go", options)
}

type receives interface {
	ReceiveMessages(context.Context, int, *azservicebus.ReceiveMessagesOptions) ([]*azservicebus.ReceivedMessage, error)
}

func (w *world) take(from receives, count int) ([]*azservicebus.ReceivedMessage, error) {
	ctx, cancel := context.WithTimeout(w.ctx, 10*time.Second)
	defer cancel()
	var messages []*azservicebus.ReceivedMessage
	for len(messages) < count {
		came, err := from.ReceiveMessages(ctx, count-len(messages), nil)
		if err != nil {
			return nil, err
		}
		messages = append(messages, came...)
	}
	return messages, nil
}

func same(got any, expected any) error {
	if fmt.Sprint(got) != fmt.Sprint(expected) {
		return fmt.Errorf("got %v, expected %v", got, expected)
	}
	return nil
}

func text(body string) *azservicebus.Message {
	return &azservicebus.Message{Body: []byte(body)}
}

func (w *world) send() error {
	first := text("one")
	first.ApplicationProperties = map[string]any{"yes": true, "n": 1}
	if err := w.put("go", first); err != nil {
		return err
	}
	sender, err := w.client.NewSender("go", nil)
	if err != nil {
		return err
	}
	defer sender.Close(w.ctx)
	batch, err := sender.NewMessageBatch(w.ctx, nil)
	if err != nil {
		return err
	}
	for _, body := range []string{"two", "three", "four"} {
		if err := batch.AddMessage(text(body), nil); err != nil {
			return err
		}
	}
	return sender.SendMessageBatch(w.ctx, batch, nil)
}

func (w *world) settle() error {
	receiver, err := w.receiver(nil)
	if err != nil {
		return err
	}
	defer receiver.Close(w.ctx)
	got, err := w.take(receiver, 4)
	if err != nil {
		return err
	}
	why := &azservicebus.DeadLetterOptions{Reason: to.Ptr("why"), ErrorDescription: to.Ptr("because")}
	if err := errors.Join(
		same(got[0].ApplicationProperties, map[string]any{"yes": true, "n": 1}),
		receiver.CompleteMessage(w.ctx, got[0], nil),
		receiver.AbandonMessage(w.ctx, got[1], nil),
		receiver.DeferMessage(w.ctx, got[2], nil),
		receiver.DeadLetterMessage(w.ctx, got[3], why),
	); err != nil {
		return err
	}
	deferred, err := receiver.ReceiveDeferredMessages(w.ctx, []int64{*got[2].SequenceNumber}, nil)
	if err != nil {
		return err
	}
	if err := receiver.CompleteMessage(w.ctx, deferred[0], nil); err != nil {
		return err
	}
	again, err := w.take(receiver, 1)
	if err != nil {
		return err
	}
	return errors.Join(same(string(again[0].Body), "two"), receiver.CompleteMessage(w.ctx, again[0], nil))
}

func (w *world) deadLetters() error {
	receiver, err := w.receiver(&azservicebus.ReceiverOptions{SubQueue: azservicebus.SubQueueDeadLetter})
	if err != nil {
		return err
	}
	defer receiver.Close(w.ctx)
	letters, err := w.take(receiver, 1)
	if err != nil {
		return err
	}
	return errors.Join(
		same(*letters[0].DeadLetterReason+" "+*letters[0].DeadLetterErrorDescription, "why because"),
		receiver.CompleteMessage(w.ctx, letters[0], nil),
	)
}

func (w *world) emptied(count int) error {
	receiver, err := w.receiver(&azservicebus.ReceiverOptions{ReceiveMode: azservicebus.ReceiveModeReceiveAndDelete})
	if err != nil {
		return err
	}
	defer receiver.Close(w.ctx)
	_, err = w.take(receiver, count)
	return err
}

func (w *world) receiveAndDelete() error {
	if err := w.put("go", text("1"), text("2")); err != nil {
		return err
	}
	return w.emptied(2)
}

func (w *world) renew() error {
	if err := w.put("go", text("1")); err != nil {
		return err
	}
	receiver, err := w.receiver(nil)
	if err != nil {
		return err
	}
	defer receiver.Close(w.ctx)
	messages, err := w.take(receiver, 1)
	if err != nil {
		return err
	}
	before := *messages[0].LockedUntil
	time.Sleep(20 * time.Millisecond)
	if err := receiver.RenewMessageLock(w.ctx, messages[0], nil); err != nil {
		return err
	}
	return errors.Join(
		same(messages[0].LockedUntil.After(before), true),
		receiver.CompleteMessage(w.ctx, messages[0], nil),
	)
}

func (w *world) peek() error {
	if err := w.put("go", text("1"), text("2")); err != nil {
		return err
	}
	receiver, err := w.receiver(nil)
	if err != nil {
		return err
	}
	defer receiver.Close(w.ctx)
	peeked, err := receiver.PeekMessages(w.ctx, 5, nil)
	if err != nil {
		return err
	}
	return errors.Join(same(len(peeked), 2), w.emptied(2))
}

func (w *world) schedule() error {
	sender, err := w.client.NewSender("go", nil)
	if err != nil {
		return err
	}
	defer sender.Close(w.ctx)
	messages := []*azservicebus.Message{text("no"), text("yes")}
	numbers, err := sender.ScheduleMessages(w.ctx, messages, time.Now().Add(time.Second), nil)
	if err != nil {
		return err
	}
	if err := sender.CancelScheduledMessages(w.ctx, numbers[:1], nil); err != nil {
		return err
	}
	receiver, err := w.receiver(nil)
	if err != nil {
		return err
	}
	defer receiver.Close(w.ctx)
	peeked, err := receiver.PeekMessages(w.ctx, 5, nil)
	if err != nil {
		return err
	}
	got, err := w.take(receiver, 1)
	if err != nil {
		return err
	}
	return errors.Join(
		same(peeked[0].State, azservicebus.MessageStateScheduled),
		same(string(got[0].Body), "yes"),
		same(*got[0].EnqueuedSequenceNumber, numbers[1]),
		receiver.CompleteMessage(w.ctx, got[0], nil),
	)
}

func (w *world) sessions() error {
	one, two := text("1"), text("2")
	one.SessionID, two.SessionID = to.Ptr("one"), to.Ptr("two")
	if err := w.put("go-sessions", one, two); err != nil {
		return err
	}
	named, err := w.client.AcceptSessionForQueue(w.ctx, "go-sessions", "one", nil)
	if err != nil {
		return err
	}
	defer named.Close(w.ctx)
	if err := named.SetSessionState(w.ctx, []byte("state"), nil); err != nil {
		return err
	}
	state, err := named.GetSessionState(w.ctx, nil)
	if err != nil {
		return err
	}
	messages, err := w.take(named, 1)
	if err != nil {
		return err
	}
	if err := errors.Join(
		same(string(state), "state"),
		named.RenewSessionLock(w.ctx, nil),
		named.CompleteMessage(w.ctx, messages[0], nil),
	); err != nil {
		return err
	}
	next, err := w.client.AcceptNextSessionForQueue(w.ctx, "go-sessions", nil)
	if err != nil {
		return err
	}
	defer next.Close(w.ctx)
	others, err := w.take(next, 1)
	if err != nil {
		return err
	}
	return errors.Join(same(next.SessionID(), "two"), next.CompleteMessage(w.ctx, others[0], nil))
}

func (w *world) topics() error {
	if err := w.put("go-topic", text("1")); err != nil {
		return err
	}
	receiver, err := w.client.NewReceiverForSubscription("go-topic", "all", nil)
	if err != nil {
		return err
	}
	defer receiver.Close(w.ctx)
	messages, err := w.take(receiver, 1)
	if err != nil {
		return err
	}
	return receiver.CompleteMessage(w.ctx, messages[0], nil)
}

func (w *world) notFound() error {
	var failure *azservicebus.Error
	err := w.put("nothing", text("1"))
	if errors.As(err, &failure) && failure.Code == azservicebus.CodeNotFound {
		return nil
	}
	return fmt.Errorf("it was not refused as not found: %w", err)
}

func (w *world) tooLarge() error {
	if err := w.put("go", text(strings.Repeat("x", 2_000_000))); !errors.Is(err, azservicebus.ErrMessageTooLarge) {
		return fmt.Errorf("it was not refused as too large: %w", err)
	}
	return nil
}

func (w *world) forwarding() error {
	receiver, err := w.client.NewReceiverForQueue("go-forwarding", nil)
	if err != nil {
		return err
	}
	if _, err := receiver.PeekMessages(w.ctx, 1, nil); err == nil || !strings.Contains(err.Error(), "auto-forwarding enabled") {
		return fmt.Errorf("it was not refused: %w", err)
	}
	return nil
}

func (w *world) administration() error {
	client, err := admin.NewClient(w.web, w.credential, &admin.ClientOptions{
		ClientOptions: azcore.ClientOptions{Transport: w.https, Retry: policy.RetryOptions{MaxRetries: -1}},
	})
	if err != nil {
		return err
	}
	created := &admin.CreateQueueOptions{Properties: &admin.QueueProperties{MaxDeliveryCount: to.Ptr(int32(4))}}
	if _, err := client.CreateQueue(w.ctx, "go-made", created); err != nil {
		return err
	}
	if err := w.put("go-made", text("1")); err != nil {
		return err
	}
	shown, err := client.GetQueueRuntimeProperties(w.ctx, "go-made", nil)
	if err != nil {
		return err
	}
	if _, err := client.DeleteQueue(w.ctx, "go-made", nil); err != nil {
		return err
	}
	gone, err := client.GetQueue(w.ctx, "go-made", nil)
	return errors.Join(err, same(shown.ActiveMessageCount, 1), same(gone == nil, true))
}

func (w *world) webSocket() error {
	client, err := azservicebus.NewClient(os.Getenv("SERVICE_BUS_HOST"), w.credential, &azservicebus.ClientOptions{
		NewWebSocketConn: func(ctx context.Context, _ azservicebus.NewWebSocketConnArgs) (net.Conn, error) {
			connection, _, err := websocket.Dial(ctx, "wss://"+w.web+"/$servicebus/websocket", &websocket.DialOptions{
				HTTPClient:   w.https,
				Subprotocols: []string{"amqp"},
			})
			if err != nil {
				return nil, err
			}
			return websocket.NetConn(w.ctx, connection, websocket.MessageBinary), nil
		},
	})
	if err != nil {
		return err
	}
	over := &world{w.ctx, client, w.web, w.credential, w.https}
	if err := over.put("go", text("by web")); err != nil {
		return err
	}
	return errors.Join(over.emptied(1), client.Close(w.ctx))
}
