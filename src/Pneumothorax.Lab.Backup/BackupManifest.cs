using System.Text.Json.Serialization;

namespace Pneumothorax.Lab.Backup;

/// <summary>What a backup holds: the last entry of its archive, <c>backup.json</c>.</summary>
public sealed record BackupManifest
{
    public const string FileName = "backup.json";

    /// <summary>Raised when older versions could no longer restore it.</summary>
    public const int NewestFormat = 1;

    public required int Format { get; init; }

    /// <summary>Of the lab that made it.</summary>
    public required string LabVersion { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>"sqlite" or "postgresql".</summary>
    public required string Database { get; init; }

    public required IReadOnlyList<BackedUpFile> Files { get; init; }

    /// <summary>Data sets whose images are not in it.</summary>
    public required IReadOnlyList<MissingDataset> WithoutImages { get; init; }

    public int Runs { get; init; }

    /// <summary>Not saved: texts of the rows that a server would have refused, and that were cleaned on the way to it.</summary>
    [JsonIgnore]
    public int CleanedTexts { get; init; }
}

/// <param name="Path">In the archive, with slashes.</param>
/// <param name="Sha256">Of its content, in small hexadecimal digits.</param>
public sealed record BackedUpFile(string Path, long Bytes, string Sha256);

/// <param name="Bytes">Of its images on disk.</param>
public sealed record MissingDataset(string Name, long Bytes);
