using System.Net.Sockets;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>Tells what an instructor can mend (a port in use, a folder without rights) from a fault of this program.</summary>
internal static class StartRefusal
{
    /// <summary>What Kestrel says, in a message of several lines.</summary>
    private const string HttpsWithoutCertificate = "No server certificate was specified";

    /// <returns>One line, or null for a fault of ours, which keeps its stack trace.</returns>
    public static string? Of(Exception exception) => exception switch
    {
        { } when LabDatabase.IsFull(exception) => "The disk of the data directory or of the database is full.",
        { } when LabDatabase.IsUnreachable(exception) => $"The database does not answer ({Line(exception.GetBaseException())}). Start it, then the portal.",
        IOException { InnerException: Exception inner } when SocketProblem(inner) is { } problem => $"{Line(exception)} {problem}",
        SocketException socket => SocketProblem(socket) ?? $"It cannot listen: {Line(socket)}.",
        InvalidOperationException https when https.Message.Contains(HttpsWithoutCertificate, StringComparison.Ordinal) =>
            "An https:// address needs a certificate: set Kestrel__Certificates__Default__Path and ...__KeyPath, or listen on http:// behind a proxy that does TLS.",
        IOException or UnauthorizedAccessException or SettingException => Line(exception),
        _ => null,
    };

    private static string? SocketProblem(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is not SocketException socket) continue;
            return socket.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "Another program is already listening there; choose another address with --urls http://localhost:5081.",
                SocketError.AccessDenied => "This account may not listen there; choose a port above 1023 with --urls http://localhost:5080.",
                SocketError.AddressNotAvailable => "This machine has no network with that address; use http://0.0.0.0:5080 for all networks.",
                _ => null,
            };
        }
        return null;
    }

    private static string Line(Exception exception) => exception.Message.ReplaceLineEndings(" ");
}
