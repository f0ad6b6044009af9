namespace Pneumothorax.Lab.Experiments;

/// <summary>A setting has a value that cannot be used. The message names both.</summary>
public sealed class SettingException(string message) : Exception(message);
