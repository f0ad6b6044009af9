using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Pneumothorax.Lab.Load;

/// <summary>
/// One open page, as the portal sees it: starts a circuit with the components that the page's HTML names, acknowledges every render batch
/// and answers every call of a script. It draws nothing.
/// </summary>
internal sealed partial class Circuit : IAsyncDisposable
{
    private const int ReturnsObject = 1;        // JSCallResultType.JSObjectReference

    private readonly HubConnection _connection;
    private readonly Action<string, JsonElement> _onCall;
    private int _objects;

    private Circuit(HubConnection connection, Action<string, JsonElement> onCall) => (_connection, _onCall) = (connection, onCall);

    /// <summary>What the portal said when it gave up; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>Bytes of render batches so far.</summary>
    public long Rendered { get; private set; }

    /// <param name="onCall">Name and arguments of each call of a script.</param>
    public static async Task<Circuit> OpenAsync(Student student, Uri page, Action<string, JsonElement> onCall, CancellationToken cancellationToken)
    {
        var html = await student.Http.GetStringAsync(page, cancellationToken);
        var address = new Uri(student.Http.BaseAddress!, page);
        var builder = new HubConnectionBuilder().WithUrl(new Uri(student.Http.BaseAddress!, "_blazor"), options =>
        {
            options.Cookies = student.Cookies;
            options.Transports = HttpTransportType.WebSockets;
        });
        builder.Services.AddSingleton<IHubProtocol, BlazorPack>();
        var connection = builder.Build();
        var circuit = new Circuit(connection, onCall);
        connection.On<long, byte[]>("JS.RenderBatch", circuit.AcknowledgeAsync);
        connection.On<long, string, string?, int, long, int>("JS.BeginInvokeJS", (call, name, arguments, returns, _, _) => circuit.AnswerAsync(call, name, arguments, returns));
        connection.On<string>("JS.Error", message => circuit.Fault = message);
        connection.On<int, string>("JS.AttachComponent", (_, _) => { });
        connection.On<string>("JS.EndUpdateRootComponents", _ => { });
        connection.On<string, bool, string>("JS.EndInvokeDotNet", (_, _, _) => { });
        connection.Closed += exception =>
        {
            circuit.Fault ??= exception?.Message;
            return Task.CompletedTask;
        };
        await connection.StartAsync(cancellationToken);

        var state = State().Match(html) is { Success: true } match ? match.Groups[1].Value : "";
        var id = await connection.InvokeAsync<string?>("StartCircuit", new Uri(address, "/").ToString(), address.ToString(), "[]", state, cancellationToken);
        if (id is null) throw new InvalidOperationException($"The portal starts no circuit for {page}.");
        var operations = Components().Matches(html).Select(match => match.Groups[1].Value).Where(marker => marker.Contains("\"descriptor\"", StringComparison.Ordinal))
            .Select((marker, index) => string.Create(CultureInfo.InvariantCulture, $$"""{"type":"add","ssrComponentId":{{index + 1}},"marker":{{marker}}}"""));
        await connection.SendAsync("UpdateRootComponents", $$"""{"batchId":1,"operations":[{{string.Join(',', operations)}}]}""", state, cancellationToken);
        return circuit;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private Task AcknowledgeAsync(long batch, byte[] content)
    {
        Rendered += content.Length;
        return _connection.SendAsync("OnRenderCompleted", batch, (string?)null);
    }

    private Task AnswerAsync(long call, string name, string? arguments, int returns)
    {
        if (arguments is not null)
        {
            using var parsed = JsonDocument.Parse(arguments);
            _onCall(name, parsed.RootElement);
        }
        if (call == 0) return Task.CompletedTask;       // nobody waits for an answer

        var result = returns == ReturnsObject ? string.Create(CultureInfo.InvariantCulture, $$"""{"__jsObjectId":{{++_objects}}}""")
            : name.EndsWith("prefersStill", StringComparison.Ordinal) ? "true" : "null";
        return _connection.SendAsync("EndInvokeJSFromDotNet", call, true, string.Create(CultureInfo.InvariantCulture, $"[{call},true,{result}]"));
    }

    [GeneratedRegex("<!--Blazor:({.*?})-->")]
    private static partial Regex Components();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();
}
