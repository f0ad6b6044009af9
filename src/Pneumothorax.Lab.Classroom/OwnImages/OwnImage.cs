namespace Pneumothorax.Lab.Classroom.OwnImages;

/// <summary>A picture that a member brought: what is kept of it beside its 256 x 256 grey values. Its file name is not: people put patients' names there.</summary>
/// <param name="Kind">"PNG", "JPEG" or "DICOM".</param>
/// <param name="Width">Of the picture as it came.</param>
/// <param name="Warnings">What a reader should know of it, each a short line.</param>
public sealed record OwnImage(Guid Id, DateTimeOffset AddedAt, string Kind, int Width, int Height, IReadOnlyList<string> Warnings);

/// <summary>How much a member may bring.</summary>
/// <param name="Megabytes">Of one file.</param>
/// <param name="Images">Kept at once.</param>
/// <param name="PerMinute">Files taken from one member: they are read one after the other.</param>
/// <param name="Readers">Processes that read files, each another member's. With two, a file that keeps one busy until it is ended holds up nobody.</param>
public sealed record OwnImageLimits(int Megabytes = 32, int Images = 20, int PerMinute = 12, int Readers = 2)
{
    public long Bytes => (long)Megabytes << 20;
}
