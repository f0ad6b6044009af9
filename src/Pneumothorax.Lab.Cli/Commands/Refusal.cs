namespace Pneumothorax.Lab.Cli.Commands;

/// <summary>Tells what a user can mend (a wrong file, a full disk) from a fault of this program, which keeps its stack trace.</summary>
internal static class Refusal
{
    /// <returns>One line that says what and where, or null for a fault of ours.</returns>
    public static string? Of(Exception exception) => exception switch
    {
        ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException => exception.Message.ReplaceLineEndings(" "),
        _ => null,
    };
}
