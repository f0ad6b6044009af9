using System.Text.Json;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Launch;

/// <summary>A launch form as the browser keeps it until it is sent, so that a reload or a look elsewhere loses nothing.</summary>
/// <param name="Start">The starting point, as the address says it.</param>
public sealed record LaunchDraft(string Start, string? Dataset, string Network, Hyperparameters Hyperparameters, string RunName, string IdempotencyKey)
{
    /// <summary>Under which the browser keeps it (js/kept.js).</summary>
    public const string Name = "launch";

    /// <summary>Under which it keeps text that the form has not taken over.</summary>
    public const string TextName = "launch-text";

    public static LaunchDraft Of(string start, LaunchForm form) => new(start, form.Dataset, form.Network.Name, form.Hyperparameters, form.Name, form.IdempotencyKey);

    /// <returns>Null for what is no draft, or one of another version of the lab.</returns>
    public static LaunchDraft? Read(string? json)
    {
        if (string.IsNullOrEmpty(json)) return null;
        try { return JsonSerializer.Deserialize<LaunchDraft>(json, LabJson.Line) is { Start: not null, Network: not null, Hyperparameters: not null } draft ? draft : null; }
        catch (JsonException) { return null; }
    }

    public string ToJson() => JsonSerializer.Serialize(this, LabJson.Line);

    public bool IsSameAs(LaunchDraft other) => this with { IdempotencyKey = other.IdempotencyKey } == other;

    /// <param name="offers">Sets that can be chosen: a kept one may be gone.</param>
    public void ApplyTo(LaunchForm form, IReadOnlyList<DatasetOffer> offers)
    {
        form.Hyperparameters = Hyperparameters;
        form.Network = NetworkSpec.All.FirstOrDefault(network => network.Name == Network) ?? form.Network;
        if (offers.Any(offer => offer.Manifest.Name == Dataset)) form.Dataset = Dataset;
        form.Name = RunName is { Length: <= Pneumothorax.Lab.Storage.Entities.Run.NameLength } name ? name : "";
        if (IdempotencyKey is { Length: > 0 } key) form.IdempotencyKey = key;
    }
}
