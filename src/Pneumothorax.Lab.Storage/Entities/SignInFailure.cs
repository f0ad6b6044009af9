namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>Wrong codes, links, passwords or tokens of one source. The row goes when nothing wrong has come for a while.</summary>
public sealed class SignInFailure
{
    public const int KeyLength = 64;

    /// <summary>SHA-256 of what was tried and from where: neither names nor network addresses are kept.</summary>
    public required string Key { get; init; }

    /// <summary>How many came, each within a while of the one before.</summary>
    public int Count { get; set; }

    public DateTimeOffset LastAt { get; set; }

    /// <summary>Nothing of this source is looked at before; null while it has tried little.</summary>
    public DateTimeOffset? RefusedUntil { get; set; }
}
