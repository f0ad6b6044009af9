using System.Net.Sockets;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>Tells what an instructor can mend (a port in use, a folder without rights) from a fault of this program.</summary>
internal static class StartRefusal
{
    /// <returns>One line, or null for a fault of ours, which keeps its stack trace.</returns>
    public static string? Of(Exception exception) => exception switch
    {
        IOException { InnerException: Exception inner } when SocketProblem(inner) is { } problem => $"{Line(exception)} {problem}",
        SocketException socket => SocketProblem(socket) ?? Line(socket),
        IOException or UnauthorizedAccessException or SettingException => Line(exception),
        { } when DiskFull.Explains(exception) => "The disk of the data directory or of the database is full.",
        _ => null,
    };

    private static string? SocketProblem(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is not SocketException socket) continue;
            return socket.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "Another program listens there; choose another address with --urls http://localhost:5081.",
                SocketError.AccessDenied => "This account may not listen there; choose a port above 1023 with --urls http://localhost:5080.",
                _ => null,
            };
        }
        return null;
    }

    private static string Line(Exception exception) => exception.Message.ReplaceLineEndings(" ");
}

/// <summary>A setting has a value that cannot be used. The message names both.</summary>
internal sealed class SettingException(string message) : Exception(message);
