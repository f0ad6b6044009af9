namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>The methods that pages offer. A further one is one more file, and one more line here.</summary>
public static class ExplanationMethods
{
    /// <summary>The one whose maps an evaluation stores for every image.</summary>
    public static IExplanationMethod Stored { get; } = new ClassActivationMap();

    public static IReadOnlyList<IExplanationMethod> All { get; } = [Stored, new GradCam(), new AblationCam(), new EigenCam()];

    /// <returns>Null for a word that names none.</returns>
    public static IExplanationMethod? Find(string? word) => All.FirstOrDefault(method => method.Word == word);
}
