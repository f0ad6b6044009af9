namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>A view that a member keeps as evidence: the address reopens exactly what was seen.</summary>
public sealed class Pin
{
    public const int AddressLength = 1_000;
    public const int TitleLength = 160;
    public const int NoteLength = 1_000;

    /// <summary>More than anybody reads; a loop that pins does not fill the disk.</summary>
    public const int MostPerMember = 500;

    public int Id { get; init; }

    public int MemberId { get; init; }

    /// <summary>The question it belongs to; null while it belongs to none.</summary>
    public string? Question { get; set; }

    /// <summary>Path and query within the portal, such as "/runs/3/explanation?index=12".</summary>
    public required string Address { get; init; }

    /// <summary>What one sees there, such as "Test image 12, run 3".</summary>
    public required string Title { get; init; }

    /// <summary>Address of a small picture of it; null where there is none.</summary>
    public string? Picture { get; init; }

    public string Note { get; set; } = "";

    public DateTimeOffset At { get; init; }
}
