using Microsoft.AspNetCore.Http;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs;

/// <summary>What keeps the whole lab from answering and passes by itself or by the instructor's hand: said in the same words by pages, the API and open pages.</summary>
/// <param name="Status">Of the HTTP answer.</param>
/// <param name="Title">What is the matter, in a few words.</param>
/// <param name="Line">One or two sentences: what, what is not lost, what now.</param>
/// <param name="RetryAfter">Seconds after which asking again is worth it; null where somebody has to mend something first.</param>
public sealed record Outage(int Status, string Title, string Line, int? RetryAfter)
{
    public static readonly Outage DiskFull = new(
        StatusCodes.Status507InsufficientStorage, "The lab's disk is full",
        "The lab's disk is full, so this was not saved. Everything saved earlier is safe. Tell the instructor, and try again later.", null);

    public static readonly Outage DatabaseAway = new(
        StatusCodes.Status503ServiceUnavailable, "The lab's database does not answer",
        "The lab's database does not answer at the moment. Runs continue, and everything that was saved is safe. Try again in a few seconds.", 3);

    /// <returns>Null for a fault of the program.</returns>
    public static Outage? Of(Exception exception) =>
        LabDatabase.IsFull(exception) ? DiskFull
        : LabDatabase.IsUnreachable(exception) ? DatabaseAway
        : null;
}
