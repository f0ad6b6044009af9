namespace Pneumothorax.Lab.Datasets;

/// <summary>Keys of <see cref="ImageSplit.Attributes"/> that have a meaning here; others are shown as they come.</summary>
public static class AttributeNames
{
    public const string Patient = "patient";

    /// <summary>PA, AP, ...</summary>
    public const string View = "view";

    public const string Sex = "sex";
    public const string Age = "age";
    public const string Source = "source";
    public const string Licence = "licence";
    public const string Note = "note";

    /// <summary>Whether a chest drain is to be seen: "yes" or "no".</summary>
    public const string Drain = "drain";

    /// <summary>How large the pneumothorax is: "small", "medium" or "large".</summary>
    public const string Size = "size";

    /// <summary>The patient's side of the pneumothorax: "left" or "right".</summary>
    public const string Side = "side";
}
