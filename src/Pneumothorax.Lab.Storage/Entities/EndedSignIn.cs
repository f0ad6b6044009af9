namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>A sign-in that its member ended: every copy of its cookie is worth nothing from then on.</summary>
public sealed class EndedSignIn
{
    public const int TicketLength = 64;

    /// <summary>The number that the cookie carries. It is random and says nothing about the member.</summary>
    public required string Ticket { get; init; }

    public DateTimeOffset EndedAt { get; init; }
}
