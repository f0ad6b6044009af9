using Pneumothorax.Lab.Runs.Storage;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>What a reader is told when the lab can keep nothing more.</summary>
internal static class DiskFull
{
    public const string Line = "The lab's disk is full, so this was not kept. What was kept before is safe. Tell the instructor, and try again later.";

    public static bool Explains(Exception exception) => LabDatabase.IsFull(exception);
}
